// at::mm and LAPACK on memory that stays ours.

#include "tensor/linear_algebra.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/mm.h>

namespace lumir::tensor {
namespace {

at::Tensor view(const Matrix& m) {
  const auto rows = static_cast<int64_t>(m.rows), columns = static_cast<int64_t>(m.columns);
  return at::from_blob(const_cast<double*>(m.values.data()), {rows, columns}, at::kDouble);
}

Matrix to_matrix(const at::Tensor& tensor) {
  const at::Tensor whole = tensor.contiguous();
  Matrix out(static_cast<size_t>(whole.size(0)), static_cast<size_t>(whole.size(1)));
  const double* values = whole.const_data_ptr<double>();
  std::copy(values, values + out.values.size(), out.values.begin());
  return out;
}

}  // namespace

Matrix multiply_transposed(const Matrix& a, const Matrix& b) {
  Matrix out(a.rows, b.rows);
  at::Tensor result = view(out);
  at::mm_out(result, view(a), view(b).t());
  return out;
}

Matrix multiply(const Matrix& a, const Matrix& b) {
  Matrix out(a.rows, b.columns);
  at::Tensor result = view(out);
  at::mm_out(result, view(a), view(b));
  return out;
}

Svd svd(const Matrix& a) {
  const auto [u, values, vt] = at::linalg_svd(view(a), /*full_matrices=*/false);
  const double* first = values.const_data_ptr<double>();
  return {to_matrix(u), {first, first + values.numel()}, to_matrix(vt)};
}

}  // namespace lumir::tensor
