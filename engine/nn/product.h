// Products of what comes in with weights.

#pragma once

#include <ATen/core/Tensor.h>

namespace lumir::nn {

/// x W' + b, [..., outputs]: at::linear. `bias` may be undefined.
at::Tensor product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace lumir::nn
