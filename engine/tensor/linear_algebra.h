// Matrix products through LibTorch's BLAS: the only BLAS of the engine.

#pragma once

#include <optional>
#include <vector>

#include "core/matrix.h"

namespace lumir::tensor {

/// a · bᵀ: [a.rows, b.rows].
Matrix multiply_transposed(const Matrix& a, const Matrix& b);
/// a · b: [a.rows, b.columns].
Matrix multiply(const Matrix& a, const Matrix& b);

/// aᵀ · b: [a.columns, b.columns].
Matrix transposed_multiply(const Matrix& a, const Matrix& b);

/// a = u · diagonal(values) · vt; n is the smaller of a's sides.
struct Svd {
  Matrix u;                    // [rows, n]
  std::vector<double> values;  // descending
  Matrix vt;                   // [n, columns]
};
Svd svd(const Matrix& a);
/// The same without u, which of many rows costs most.
Svd right_svd(const Matrix& a);

/// A symmetric matrix by its eigenvalues.
struct Eigen {
  std::vector<double> values;  // ascending
  Matrix vectors;              // [n, n], one in each column
};
Eigen symmetric_eigen(const Matrix& a);
/// x of a · x = b for a symmetric, positive definite a (only its lower half is read); nothing where it is none.
std::optional<Matrix> solve_positive(const Matrix& a, const Matrix& b);

}  // namespace lumir::tensor
