// The kernels of SVC: how alike two rows are, from their product and their lengths.

#pragma once

#include <algorithm>
#include <cmath>
#include <compare>
#include <functional>
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

  /// From the product of two rows and their squared lengths.
  double operator()(double product, double square_a, double square_b) const {
    switch (shape) {
      case Shape::linear: return product;
      case Shape::rbf: return std::exp(-gamma * std::max(0.0, square_a + square_b - 2 * product));
      case Shape::poly: return power(gamma * product + coef0, degree);
      default: return std::tanh(gamma * product + coef0);
    }
  }

 private:
  static double power(double base, int exponent) {
    double result = 1;
    for (; exponent > 0; exponent /= 2) {
      if (exponent % 2 == 1) result *= base;
      base *= base;
    }
    return result;
  }
};

/// The kernel that the options ask for, for rows like `x`.
SvcKernel kernel_of(const SVCOptions& options, const Matrix& x);

/// Products of the rows of `a` with those of `b`, and the squared lengths of both.
struct RowProducts {
  Matrix dots;
  std::vector<double> squares_a;
  std::vector<double> squares_b;

  RowProducts(const Matrix& a, const Matrix& b);

  double value(const SvcKernel& kernel, size_t i, size_t j) const {
    return kernel(dots(i, j), squares_a[i], squares_b[j]);
  }
};

/// The kernel of all products.
Matrix apply_kernel(const SvcKernel& kernel, const RowProducts& products);

/// Calls use(first row, products) for some rows of x after the other, so that memory stays bounded.
void for_row_blocks(const Matrix& x, const Matrix& against, const std::function<void(size_t, const RowProducts&)>& use);

}  // namespace lumir::learn
