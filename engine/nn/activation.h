// What layers without weights share: one function of every number.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

/// A layer that is one function of its input and nothing else.
template <at::Tensor (*compute)(const at::Tensor&)>
class Activation final : public Described<Layer, NoOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return compute(x); }
};

}  // namespace lumir::nn
