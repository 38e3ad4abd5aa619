// Tensors from plain numbers and back: how the parts of the engine that know no LibTorch meet Lua's Tensor.

#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/matrix.h"
#include "core/spill.h"
#include "core/state.h"

namespace lumir::tensor {

/// A float32 tensor that holds a copy of `values` (row-major); their number is the product of `shape`.
at::Tensor from_floats(std::span<const float> values, const std::vector<int64_t>& shape);
/// The same of numbers that are given away: the tensor takes them over, nothing is copied.
at::Tensor from_floats(Floats&& values, const std::vector<int64_t>& shape);
/// A float64 tensor that holds a copy of `values` (row-major); their number is the product of `shape`.
at::Tensor from_doubles(std::span<const double> values, const std::vector<int64_t>& shape);
/// A complex64 tensor that holds a copy of `values` (row-major); their number is the product of `shape`.
at::Tensor from_complex(std::span<const std::complex<float>> values, const std::vector<int64_t>& shape);
/// A tensor of the array's own type that holds a copy of its elements. Those of a mapped file are let go as they are
/// copied, so that memory holds them once.
at::Tensor from_array(const Array& array);
/// The elements of a tensor as an array of its own type, on the tensor's memory where that is contiguous. Throws
/// ArgumentError for types that files do not know (quantised numbers).
Array to_array(const at::Tensor& tensor, const std::string& who);
/// [rows, columns] of float64. A matrix that is given away is not copied: the tensor takes its numbers over.
at::Tensor from_matrix(Matrix matrix);
/// [rows, columns]; one dimension is a single column. Throws ArgumentError for more than two dimensions.
Matrix to_matrix(const at::Tensor& tensor, const std::string& who);
/// The same as the tensor's numbers are now, whatever becomes of it. Where they are float64 and lie in a row they are
/// shared until somebody writes to the tensor, which then copies them for itself (LibTorch's copy on write). Numbers
/// whose address Lua has, which are written unseen, those in memory that is not LibTorch's, and less than half of such a
/// memory are copied here.
SharedMatrix to_shared_matrix(const at::Tensor& tensor, const std::string& who);
/// All elements in row-major order, whatever the type. Throws ArgumentError for complex numbers.
std::vector<double> to_doubles(const at::Tensor& tensor, const std::string& who);
/// The same, rounded to float where the type is wider.
std::vector<float> to_floats(const at::Tensor& tensor, const std::string& who);
/// All elements as complex numbers; real ones have no imaginary part.
std::vector<std::complex<float>> to_complex(const at::Tensor& tensor);

/// "float32", "int64", "bool" ...
std::string dtype_name(at::ScalarType type);
/// The type of a name; none for unknown names.
std::optional<at::ScalarType> find_dtype(std::string_view name);
/// Throws ArgumentError with the nearest name.
at::ScalarType dtype_of(std::string_view name, const std::string& who);
/// 'cpu', 'cuda', 'cuda:1' ...; 'auto' is a GPU where there is one. Throws ArgumentError for what is no device or not there.
at::Device device_of(const std::string& name, const std::string& who);

}  // namespace lumir::tensor
