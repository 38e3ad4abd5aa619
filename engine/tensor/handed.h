// How axes travel: what the result of an operator knows of what went into it.
//
//   element by element   rows and columns stay; what the numbers are, numbers_after() says: a square of magnitudes is power
//   a view               a part of a tensor, or its dimensions in another order: its strides say which (view_axes)
//   a sum over some      what has a `keepdim` takes these dimensions away, and the rest stay
//   cat, index_select    rows and columns go on behind each other, or are those that were chosen
// Whatever else an operator does, its result knows nothing.

#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/axes.h"
#include "tensor/described.h"
#include "tensor/operators.h"

namespace lumir::tensor {

/// What the result of an operator will know: asked for before the call, told to the results after it.
class Handed {
 public:
  /// Of a sum, a product: `operation` as LibTorch calls it, "add".
  Handed(std::string_view operation, std::span<const at::Tensor> operands);
  /// Of any operator, by what LibTorch says of it.
  Handed(const Operator& operation, const Overload& overload, std::span<const std::optional<c10::IValue>> arguments);
  void to(const at::Tensor& result) const;
  /// Of lists too; of several results, as max gives them with their places, only the first are numbers of that kind.
  void to(std::span<const c10::IValue> results) const;

 private:
  struct Known {
    at::Tensor tensor;
    Described what;
    AxesPtr numbers;  // of a result that has its shape, where elements were changed
  };
  Described of_result(const Known& known, const at::Tensor& result) const;
  Described summed_up(const Known& known, at::IntArrayRef sizes) const;
  void gather(std::string_view name, const Overload& overload, std::span<const std::optional<c10::IValue>> arguments);

  std::vector<Known> known_;
  enum class Way { none, elements, copy, sum, gather } way_ = Way::none;
  Described gathered_;           // what the result of such an operator knows
  std::string_view word_;        // of a sum
  std::vector<int64_t> summed_;  // its dimensions, from 0
  bool keeps_ = false;           // them, as dimensions of size 1
  bool in_place_ = false;
};

/// What a view of a tensor knows of its axes: which rows, which stretch of time, in which order. Nothing where it is
/// no part of the tensor whose dimensions run along those of the tensor.
Described view_axes(const at::Tensor& view, const at::Tensor& source);

/// What the rows or columns of a tensor know that stand at these places of a dimension (from 0): booleans, or positions
/// as the user counts them.
Described chosen_axes(const at::Tensor& source, int64_t dimension, const at::Tensor& which);
/// What tensors know together that stand behind each other along a dimension. Time goes on from the first.
Described joined_axes(std::span<const at::Tensor> parts, int64_t dimension);

/// What else stands in an operation on the elements of a tensor that has axes.
struct Operation {
  std::string_view name;              // as LibTorch calls it: "pow"
  bool first = true;                  // the tensor stands before the other operand
  std::optional<double> number = {};  // that operand
  bool single = false;                // it is one number, known or not
  bool itself = false;                // it is the same tensor
};
/// The same rows and columns, and what the numbers are now, as far as that can be told.
AxesPtr numbers_after(const AxesPtr& axes, const Operation& operation);

}  // namespace lumir::tensor
