// A network as a row of blocks, as papers and decks draw it: what is called one after the other, and the shapes between.

#pragma once

#include <string>
#include <vector>

#include "nn/module.h"

namespace lumir::nn {

struct Block {
  std::string name;               // "Conv2d"
  std::string options;            // "1, 64, 7, { stride = 2 }"; empty for one that holds others
  std::vector<std::string> with;  // what follows it, keeps the shape and has no matrix of weights: BatchNorm2d, ReLU
  std::vector<int64_t> output;    // shape of the first tensor that comes out
  int64_t parameters = 0;         // of it, of all that it holds and of what follows it
  int times = 1;                  // so many of them, one after the other
  bool operator==(const Block&) const = default;
};

/// Sends the input through the network once, in eval and without gradients. `depth` is how far calls within calls are
/// told apart: 1 is what the network itself calls. What an operator does between two calls has no block.
std::vector<Block> blocks_of(const ModulePtr& network, const Flow& input, int depth = 1);

}  // namespace lumir::nn
