// Twenty steps of a network: what kernels of our own leave of its weights.

#pragma once

#include "engine/nn/fused.h"

#include "nn/module.h"
#include "optim/optimizer.h"

namespace lumir::tests {

/// Its weights and statistics after twenty steps of SGD; `share` makes the loss so small that it falls.
inline Tensors after_twenty_steps(const nn::ModulePtr& module, const at::Tensor& x, const Map& options, double share) {
  std::vector<optim::NamedTensor> parameters;
  for (const auto& slot : nn::slots_of(*module)) {
    if (slot.trained) parameters.push_back({slot.name, *slot.tensor});
  }
  const auto sgd = optim::make_optimizer("SGD", options)->bind(parameters);
  for (int step = 0; step < 20; ++step) sgd->minimize(weighted({(*module)(x)}).pow(2).mul(share), {});
  Tensors weights;
  for (const auto& slot : nn::slots_of(*module)) weights.push_back(slot.tensor->detach());
  return weights;
}

}  // namespace lumir::tests
