// Tensors that know what their axes are (core/axes.h): what stands beside a tensor as long as it lives.
//
// LibTorch's tensors have no room for it, so it is kept here, by tensor. Operators make tensors that know nothing, but
// for those that work element by element: their result keeps rows and columns, and only what the numbers are is lost.

#pragma once

#include <optional>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/axes.h"
#include "tensor/operators.h"

namespace lumir::tensor {

/// From now on the tensor has these axes; null for none. Its handles are one tensor, a view of it is another.
void describe(const at::Tensor& tensor, AxesPtr axes);
/// Null where nothing is known, or where the tensor has changed its shape since.
AxesPtr axes_of(const at::Tensor& tensor);

/// What the result of an operator will know: asked for before the call, told to the result after it.
class Handed {
 public:
  /// Of a sum, a product: the axes of the first operand that has any, for other numbers.
  explicit Handed(std::span<const at::Tensor> operands);
  /// Of any operator, by what LibTorch says of it.
  Handed(const Operator& operation, const Overload& overload, std::span<const std::optional<c10::IValue>> arguments);
  void to(const at::Tensor& result) const;

 private:
  void take(const at::Tensor& operand);

  AxesPtr axes_;
  std::vector<int64_t> shape_;
  bool forgets_ = false;  // what is changed in place, but not element by element
};

/// The same numbers in another type, on another device: all that was known of them.
at::Tensor described_as(at::Tensor result, const at::Tensor& source);

}  // namespace lumir::tensor
