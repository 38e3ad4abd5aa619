// Layers of a Sequential that are worked out at once with those behind them.
//
// A norm takes the bend and the pooling behind it with it. While nothing is learned a convolution or a Linear takes all
// three, and keeps the weights that come of it. Hooks, and code that looks at every layer, see each by itself.

#pragma once

#include <map>
#include <vector>

#include "nn/folded.h"
#include "nn/module.h"

namespace lumir::nn {

class Joined {
 public:
  /// Runs the layer at a place, and those behind it that go with it; answers how many.
  size_t run(const std::vector<ModulePtr>& layers, size_t place, Flow& flow);

 private:
  std::map<size_t, Folded> folded_;  // by place
};

}  // namespace lumir::nn
