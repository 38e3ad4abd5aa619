// See least_squares.h.

#include "learn/least_squares.h"

#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "learn/column_squares.h"
#include "learn/row_sums.h"
#include "learn/vectors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

/// The weighted mean of each column.
std::vector<double> means(const Matrix& x, const std::vector<double>& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  return sums_over_rows(x.rows, 1, x.columns,
                        [&](size_t i, Matrix& sum) {
                          add_scaled(weights[i] / total, x.row(i).data(), sum.values.data(), x.columns);
                        })
      .values;
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

void add_to_diagonal(Matrix& products, double alpha) {
  for (size_t i = 0; i < products.rows; ++i) products(i, i) += alpha;
}

/// [columns, targets]: least squares with `alpha` on the diagonal of xxᵀ.
Matrix by_rows(const Matrix& x, const Matrix& y, double alpha) {
  Matrix products = tensor::lower_gram(x);
  add_to_diagonal(products, alpha);
  const auto solved = alpha > 0 ? tensor::solve_positive(products, y) : std::nullopt;
  return solved ? tensor::transposed_multiply(x, *solved) : by_svd(x, y, alpha);
}

/// The same on that of xᵀx of rows less `mean`, each times the root of its weight, of which no matrix is made; nothing
/// where the equations have no single answer.
std::optional<Matrix> by_columns(const std::string& who, const Matrix& x, const std::vector<double>& mean,
                                 const std::vector<double>& weights, Matrix y, double alpha) {
  std::vector<double> roots;
  for (const double weight : weights) roots.push_back(std::sqrt(weight));
  Matrix products = tensor::centred_gram(x, mean, roots);
  std::vector<double> squares;
  for (size_t j = 0; j < products.rows; ++j) squares.push_back(products(j, j));
  check_squares(who, squares);
  add_to_diagonal(products, alpha);
  for (size_t i = 0; i < y.rows; ++i) {
    for (double& number : y.row(i)) number *= roots[i];
  }
  return tensor::solve_positive(products, tensor::centred_transposed_multiply(x, mean, y));
}

}  // namespace

LeastSquares least_squares(const std::string& who, const Matrix& x, const Matrix& targets,
                           const std::vector<double>& weights, double alpha, bool fit_intercept) {
  const auto centre = fit_intercept ? means(x, weights) : std::vector<double>(x.columns);
  const auto middle = fit_intercept ? means(targets, weights) : std::vector<double>(targets.columns);
  const Matrix y = centred(targets, middle, weights);
  std::optional<Matrix> solved;
  if (x.columns <= x.rows && alpha > 0) {
    solved = by_columns(who, x, centre, weights, y, alpha);
  } else {
    check_column_squares(who, x, centre, weights);
  }
  const Matrix found = solved               ? std::move(*solved)
                       : x.columns > x.rows ? by_rows(centred(x, centre, weights), y, alpha)
                                            : by_svd(centred(x, centre, weights), y, alpha);
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
