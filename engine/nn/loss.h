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
/// A float32 tensor of numbers.
at::Tensor floats(const std::vector<double>& numbers);

}  // namespace lumir::nn
