// What losses share: how one number comes of many, and weights as tensors.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

/// The option `reduction` of S, a std::string.
template <class S>
Option reduction_option() {
  return Option{"reduction", &S::reduction, "of the losses of all rows", Choices{"mean", "sum", "none"}};
}
/// LibTorch's number for the word.
int64_t reduction_of(const std::string& word);
/// Throws ArgumentError where the target has another shape: LibTorch would widen it, which is never meant.
void check_same_shape(const at::Tensor& outcome, const at::Tensor& target, const std::string& who);
/// A float32 tensor of numbers.
at::Tensor floats(const std::vector<double>& numbers);

}  // namespace lumir::nn
