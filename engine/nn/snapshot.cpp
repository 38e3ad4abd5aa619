// Copies of what lies in a network's slots.

#include "nn/snapshot.h"

#include <ATen/core/grad_mode.h>

namespace lumir::nn {

Snapshot::Snapshot(ModulePtr module) : module_(std::move(module)) {
  for (const auto& one : all_of(module_)) modes_.emplace_back(one.module, one.module->training());
  for (const auto& slot : slots_of(*module_)) {
    if (!slot.tensor->defined()) continue;
    const at::Tensor& gradient = slot.tensor->grad();
    kept_.push_back({*slot.tensor, slot.tensor->detach().clone(), gradient.defined() ? gradient.clone() : gradient});
  }
}

void Snapshot::restore() const {
  const at::NoGradGuard guard;
  for (const auto& [tensor, value, gradient] : kept_) {
    tensor.copy_(value);
    tensor.mutable_grad() = gradient;
  }
  for (const auto& [part, mode] : modes_) part->train(mode);  // outermost first, so parts have the last word
}

}  // namespace lumir::nn
