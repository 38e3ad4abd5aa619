// A network as a row of blocks, as papers and decks draw it: what is called one after the other, and the shapes between.

#pragma once

#include <vector>

#include "model/block.h"
#include "nn/module.h"

namespace lumir::nn {

using model::Block;

/// Sends the input through the network once, in eval and without gradients. `depth` is how far calls within calls are
/// told apart: 1 is what the network itself calls. What an operator does between two calls has no block.
std::vector<Block> blocks_of(const ModulePtr& network, const Flow& input, int depth = 1);

}  // namespace lumir::nn
