// Dropout of single numbers by a kernel of our own.

#pragma once

#include <ATen/core/Tensor.h>

namespace lumir::nn {

/// Sets numbers to zero by chance, `p` of them, and scales the others by 1 / (1 - p). Of many floats or doubles on the CPU a
/// kernel draws: what the seed of LibTorch's numbers names, but other numbers than at::dropout, which does all else.
at::Tensor dropped(const at::Tensor& x, double p);

}  // namespace lumir::nn
