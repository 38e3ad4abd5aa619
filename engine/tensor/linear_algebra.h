// Matrix products through LibTorch's BLAS: the only BLAS of the engine.

#pragma once

#include <vector>

#include "core/matrix.h"

namespace lumir::tensor {

/// a · bᵀ: [a.rows, b.rows].
Matrix multiply_transposed(const Matrix& a, const Matrix& b);
/// a · b: [a.rows, b.columns].
Matrix multiply(const Matrix& a, const Matrix& b);

/// a = u · diagonal(values) · vt; n is the smaller of a's sides.
struct Svd {
  Matrix u;                    // [rows, n]
  std::vector<double> values;  // descending
  Matrix vt;                   // [n, columns]
};
Svd svd(const Matrix& a);

}  // namespace lumir::tensor
