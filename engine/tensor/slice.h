// Text slices: x['1:64, 2'] is rows 1 to 64 of column 2.
//
// Positions count from 1, -1 is the last, 0 is an error, an end belongs to its slice, and nothing reaches past the
// tensor. A part of the text is a position, a range `first:last` or `first:last:step` whose ends may be left out, or
// `...` for as many dimensions as are left.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

/// A view of the tensor. Throws ArgumentError for broken text and positions that are not there.
at::Tensor slice(const at::Tensor& tensor, std::string_view text);
/// One position of the first dimension, as a view.
at::Tensor select(const at::Tensor& tensor, int64_t position);

}  // namespace lumir::tensor
