// See least_squares.h.

#include "learn/least_squares.h"

#include <cmath>

#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

/// The weighted mean of each column.
std::vector<double> means(const Matrix& x, const std::vector<double>& weights) {
  std::vector<double> mean(x.columns);
  double total = 0;
  for (const double weight : weights) total += weight;
  for (size_t i = 0; i < x.rows; ++i) {
    for (size_t j = 0; j < x.columns; ++j) mean[j] += weights[i] / total * x(i, j);
  }
  return mean;
}

/// Less the means, each row by the root of its weight.
Matrix centred(Matrix x, const std::vector<double>& mean, const std::vector<double>& weights) {
  for (size_t i = 0; i < x.rows; ++i) {
    const double root = std::sqrt(weights[i]);
    for (size_t j = 0; j < x.columns; ++j) x(i, j) = (x(i, j) - mean[j]) * root;
  }
  return x;
}

/// The shortest least squares, where the equations have no single answer.
Matrix by_svd(const Matrix& x, const Matrix& y, double alpha) {
  const tensor::Svd parts = tensor::svd(x);
  Matrix along = tensor::transposed_multiply(parts.u, y);
  const double least = parts.values.empty() ? 0 : parts.values.front() * 1e-15;
  for (size_t d = 0; d < along.rows; ++d) {
    const double value = parts.values[d];
    for (size_t c = 0; c < along.columns; ++c) along(d, c) *= value > least ? value / (value * value + alpha) : 0;
  }
  return tensor::transposed_multiply(parts.vt, along);
}

/// [columns, targets]: least squares with `alpha` on the diagonal of the smaller of xᵀx and xxᵀ.
Matrix solve(const Matrix& x, const Matrix& y, double alpha) {
  const bool wide = x.columns > x.rows;
  Matrix products = wide ? tensor::multiply_transposed(x, x) : tensor::gram(x);
  for (size_t i = 0; i < products.rows; ++i) products(i, i) += alpha;
  const auto solved =
      alpha > 0 ? tensor::solve_positive(products, wide ? y : tensor::transposed_multiply(x, y)) : std::nullopt;
  if (!solved) return by_svd(x, y, alpha);
  return wide ? tensor::transposed_multiply(x, *solved) : *solved;
}

}  // namespace

LeastSquares least_squares(const Matrix& x, const Matrix& targets, const std::vector<double>& weights, double alpha,
                           bool fit_intercept) {
  const auto centre = fit_intercept ? means(x, weights) : std::vector<double>(x.columns);
  const auto middle = fit_intercept ? means(targets, weights) : std::vector<double>(targets.columns);
  const Matrix found = solve(centred(x, centre, weights), centred(targets, middle, weights), alpha);
  LeastSquares lines{Matrix(targets.columns, x.columns), middle};
  for (size_t line = 0; line < targets.columns; ++line) {
    for (size_t j = 0; j < x.columns; ++j) {
      lines.coef(line, j) = found(j, line);
      lines.intercept[line] -= found(j, line) * centre[j];
    }
  }
  return lines;
}

}  // namespace lumir::learn
