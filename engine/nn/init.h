// How layers draw their weights: PyTorch's rules, from LibTorch's default generator, so that after one manual_seed both
// have the same weights.

#pragma once

#include <ATen/core/Tensor.h>

namespace lumir::nn {

/// float32 numbers, uniform within +-bound.
at::Tensor draw_uniform(at::IntArrayRef shape, double bound);
/// float32 numbers, normal.
at::Tensor draw_normal(at::IntArrayRef shape, double deviation);
/// PyTorch's kaiming_uniform_ with a = sqrt(5), as its linear and convolution layers take it.
at::Tensor draw_weight(at::IntArrayRef shape);
/// The bias beside a weight of that shape.
at::Tensor draw_bias(int64_t size, at::IntArrayRef weight_shape);
/// PyTorch's xavier_uniform_.
at::Tensor draw_xavier(at::IntArrayRef shape);

/// How many numbers of a weight meet in one that comes out.
int64_t fan_in(at::IntArrayRef weight_shape);

}  // namespace lumir::nn
