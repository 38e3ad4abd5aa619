// The kernels of SVC: how alike two rows are, from their product and their lengths.

#pragma once

#include <compare>
#include <functional>
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

  /// Products of a row with others, of these squared lengths, become its kernel with them.
  void apply(double square, std::span<const double> squares, std::span<double> products) const;
};

/// The kernel that the options ask for, for rows like `x`. Throws ArgumentError where theirs is not finite.
SvcKernel kernel_of(const SVCOptions& options, const Matrix& x);

/// Products of the rows of `a` with those of `b`, and the squared lengths of both.
struct RowProducts {
  Matrix dots;
  std::vector<double> squares_a;
  std::vector<double> squares_b;

  RowProducts(const Matrix& a, const Matrix& b);
};

/// The kernel of all products.
Matrix apply_kernel(const SvcKernel& kernel, const RowProducts& products);

/// Of each row.
std::vector<double> squared_lengths(const Matrix& x);

/// Calls use(first row, products) for some rows of x after the other, so that memory stays bounded.
void for_row_blocks(const Matrix& x, const Matrix& against, const std::function<void(size_t, const RowProducts&)>& use);

}  // namespace lumir::learn
