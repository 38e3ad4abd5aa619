// Tensors that know what their axes are (core/axes.h): what stands beside a tensor as long as it lives.
//
// LibTorch's tensors have no room for it, so it is kept here, by tensor. How it goes over to what operators make of
// one: tensor/handed.h.

#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/axes.h"

namespace lumir::tensor {

/// What a dimension of a tensor runs along: its rows, time, or neither (channels, a batch, what a sum left).
enum class Along { rows, time, other };
using Dimensions = std::vector<Along>;
inline const Dimensions kRowsOverTime = {Along::rows, Along::time};
std::string name_of(Along along);

struct Described {
  AxesPtr axes;  // null where nothing is known
  Dimensions dimensions = {};
  bool runs(Along along) const;
};

/// From now on the tensor has these axes; null for none, as axes of another number of dimensions or rows are. Its
/// handles are one tensor, a view of it is another.
void describe(const at::Tensor& tensor, AxesPtr axes, Dimensions dimensions = kRowsOverTime);
/// Nothing where the tensor has changed its shape since.
Described described(const at::Tensor& tensor);
/// Whether any tensor was described: most programs describe none, and need not ask for each.
bool any_described();

/// The same numbers in another type, on another device: all that was known of them.
at::Tensor described_as(at::Tensor result, const at::Tensor& source);

/// Of a stretch: every step-th of `count` rows or columns from `first` (counted from 0) on.
void narrow(Axes& axes, Along along, size_t first, size_t step, size_t count);
/// Of rows or columns at these places (counted from 0), in whatever order. False where columns are no longer moments at
/// one distance: what is known of time is gone then.
bool choose(Axes& axes, Along along, const std::vector<size_t>& places);
/// Rows of another tensor behind these; nothing is known of rows that are not of one kind.
void append_rows(Axes& axes, size_t rows, const Axes& other, size_t other_rows);
/// Of one row or one moment alone, whose name goes over to what the numbers are: "power at 440 Hz".
void pick(Axes& axes, Along along, size_t place);
/// Of what was summed up along rows or time, which are no longer there; `word` says how: "mean".
void sum_up(Axes& axes, Along along, const std::string& word);

}  // namespace lumir::tensor
