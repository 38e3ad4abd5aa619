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
/// Throws ArgumentError unless both are [batch, numbers] of one shape: two views of each example.
void check_views(const at::Tensor& first, const at::Tensor& second, const std::string& who);
/// Throws ArgumentError for a target that holds a class beyond `classes`, other than `ignored`; `there_are` begins the
/// sentence ("the scores are of classes"). Of targets on a graphics card it is not looked for.
void check_in_classes(const at::Tensor& target, int64_t classes, int64_t ignored, const std::string& there_are,
                      const std::string& who);
/// Throws ArgumentError unless x is [batch, numbers] and the target one of `classes` of each row.
void check_rows(const at::Tensor& x, const at::Tensor& target, int64_t numbers, int64_t classes,
                const std::string& who);
/// The losses of all rows as the word says; the mean is over those that count (undefined: all).
at::Tensor reduced(const at::Tensor& losses, const std::string& word, const at::Tensor& counting = {});
/// Rows of length 1.
at::Tensor unit_rows(const at::Tensor& x);
/// A float32 tensor of numbers.
at::Tensor floats(const std::vector<double>& numbers);

}  // namespace lumir::nn
