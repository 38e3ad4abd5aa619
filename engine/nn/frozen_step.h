// A frozen network as a step: what an embedding is to the chains that use it.
//
// The step is data: the network as far as the part that is asked for, and the sha256 of its weights. These lie in the
// cache under that name, so that model files, cache keys and other processes need no more than the hash. Like all that
// lies there they go where the cache is full or emptied, and come back as soon as a step that has them is made or used.

#pragma once

#include "core/step.h"
#include "nn/module.h"

namespace lumir::nn {

struct FrozenOptions {
  int batch_size = 32;
  std::string device = "cpu";
  static Schema schema();
};

/// What a part of a network gives; of the whole network where `layer` is "". The weights are copied: what is trained
/// later does not change the step. Parts that are written in Lua run apart from the session (nn/classes.h). Throws
/// ArgumentError where there is no such part, where one is not made yet, and for functions of Lua that no class has.
StepPtr frozen_step(const ModulePtr& network, const std::string& layer, const FrozenOptions& options);

}  // namespace lumir::nn
