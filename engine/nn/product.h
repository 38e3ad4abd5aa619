// Products of what comes in with weights.

#pragma once

#include <ATen/core/Tensor.h>

namespace lumir::nn {

/// x W' + b, [..., outputs]: at::linear. `bias` may be undefined.
at::Tensor product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

/// Whether large products are oneDNN's: on AMD's processors they are.
bool onednn_products();
/// From now on, whatever the processor: so that tests see them everywhere.
void use_onednn_products(bool use);

}  // namespace lumir::nn
