// Matrix products through LibTorch's BLAS: the only BLAS of the engine.

#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/matrix.h"

namespace lumir::tensor {

/// a · bᵀ: [a.rows, b.rows].
Matrix multiply_transposed(const Matrix& a, const Matrix& b);
/// a · b: [a.rows, b.columns].
Matrix multiply(const Matrix& a, const Matrix& b);

/// a · aᵀ: [a.rows, a.rows], of which what lies far above the diagonal is not worked out.
Matrix lower_gram(const Matrix& a);

/// aᵀ · b: [a.columns, b.columns].
Matrix transposed_multiply(const Matrix& a, const Matrix& b);

/// aᵀ · a: [a.columns, a.columns].
Matrix gram(const Matrix& a);

/// The mean of each column.
std::vector<double> column_means(const Matrix& a);
/// aᵀ · a of rows less `mean`, each times its number of `factors`, where there are any: [a.columns, a.columns]. No second
/// matrix of a's size is made.
Matrix centred_gram(const Matrix& a, const std::vector<double>& mean, const std::vector<double>& factors = {});
/// (a less `mean`) · bᵀ: [a.rows, b.rows]; likewise.
Matrix centred_multiply_transposed(const Matrix& a, const std::vector<double>& mean, const Matrix& b);
/// (a less `mean`)ᵀ · b: [a.columns, b.columns]; likewise.
Matrix centred_transposed_multiply(const Matrix& a, const std::vector<double>& mean, const Matrix& b);
/// Orthonormal columns that span those of `a`, which are no more than its rows.
Matrix orthonormal_columns(const Matrix& a);
Matrix transposed(const Matrix& a);

/// a · bᵀ in the calling thread, for those whose threads take blocks of their own. Both are rows of `columns` numbers
/// one after the other; `out` has a line for each of a's.
template <class T>
void multiply_block(std::span<const T> a, std::span<const T> b, size_t columns, std::span<T> out);

/// a · b likewise: a's rows are of `inner` numbers, and b has as many rows.
template <class T>
void multiply_block_straight(std::span<const T> a, std::span<const T> b, size_t inner, std::span<T> out);

/// a = u · diagonal(values) · vt; n is the smaller of a's sides.
struct Svd {
  Matrix u;                    // [rows, n]
  std::vector<double> values;  // descending
  Matrix vt;                   // [n, columns]
};
Svd svd(const Matrix& a);
/// The same without u, which of many rows costs most, and of rows less `mean`, where there is one; of many rows no second
/// matrix of a's size is made.
Svd right_svd(const Matrix& a, const std::vector<double>& mean = {});

/// A symmetric matrix by its eigenvalues.
struct Eigen {
  std::vector<double> values;  // ascending
  Matrix vectors;              // [n, n], one in each column
};
Eigen symmetric_eigen(const Matrix& a);
/// x of a · x = b for a symmetric, positive definite a (only its lower half is read); nothing where it is none.
std::optional<Matrix> solve_positive(const Matrix& a, const Matrix& b);

}  // namespace lumir::tensor
