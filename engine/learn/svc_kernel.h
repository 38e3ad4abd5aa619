// The kernels of SVC: how alike two rows are, from their product and their lengths.

#pragma once

#include <compare>
#include <span>
#include <vector>

#include "learn/svc_options.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {

enum class Shape { linear, rbf, poly, sigmoid };

/// A kernel with its numbers; equal ones share their matrix.
struct SvcKernel {
  Shape shape = Shape::linear;
  double gamma = 0;
  double coef0 = 0;
  int degree = 0;

  auto operator<=>(const SvcKernel&) const = default;

  /// Squared distances of a row from others become its kernel with them; `square` and `squares` are their squared
  /// lengths.
  void apply(double square, std::span<const double> squares, std::span<double> distances) const;
  /// The same of an rbf kernel in float, where distances are counted in `unit`.
  void apply(double unit, std::span<float> distances) const;

 private:
  double of_product(double product) const;
};

/// The kernel that the options ask for, for rows like `x`.
SvcKernel kernel_of(const SVCOptions& options, const Matrix& x);

/// Rows one after the other in a matrix, and their squared lengths.
struct MeasuredRows {
  std::span<const double> values;
  std::span<const double> squares;
  size_t count() const { return squares.size(); }
  size_t columns() const { return values.size() / squares.size(); }
};
/// `count` rows of `x` from `first` on; `squares` are of all.
MeasuredRows rows_of(const Matrix& x, const std::vector<double>& squares, size_t first, size_t count);

/// Of each row.
std::vector<double> squared_lengths(const Matrix& x);
/// [rows of a, rows of b], in the calling thread.
void squared_distances(const MeasuredRows& a, const MeasuredRows& b, std::span<double> out);

}  // namespace lumir::learn
