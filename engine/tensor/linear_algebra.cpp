// at::mm on memory that stays ours.

#include "tensor/linear_algebra.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>

namespace lumir::tensor {
namespace {

at::Tensor view(const Matrix& m) {
  const auto rows = static_cast<int64_t>(m.rows), columns = static_cast<int64_t>(m.columns);
  return at::from_blob(const_cast<double*>(m.values.data()), {rows, columns}, at::kDouble);
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

}  // namespace lumir::tensor
