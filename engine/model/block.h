// One box of a network's picture, as papers and decks draw networks: what is called one after the other.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lumir::model {

struct Block {
  std::string name;               // "Conv2d"
  std::string options;            // "1, 64, 7, { stride = 2 }"; empty for one that holds others
  std::vector<std::string> with;  // what follows it, keeps the shape and has no matrix of weights: BatchNorm2d, ReLU
  std::vector<int64_t> output;    // shape of the first tensor that comes out
  int64_t parameters = 0;         // of it, of all that it holds and of what follows it
  int times = 1;                  // so many of them, one after the other
  bool operator==(const Block&) const = default;
};

}  // namespace lumir::model
