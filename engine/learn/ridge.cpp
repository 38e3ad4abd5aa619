// Ridge: straight borders by least squares, one for each class against all others.

#include <cmath>

#include "learn/linear_classifier.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct RidgeOptions {
  double alpha = 1;
  bool fit_intercept = true;
  ClassWeight class_weight;
  static Schema schema() {
    return {Option{"alpha", &RidgeOptions::alpha, "pull of all weights towards 0", kNonNegative},
            Option{"fit_intercept", &RidgeOptions::fit_intercept, "borders need not pass through 0"},
            class_weight_option(&RidgeOptions::class_weight)};
  }
};

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
  Matrix products = wide ? tensor::multiply_transposed(x, x) : tensor::transposed_multiply(x, x);
  for (size_t i = 0; i < products.rows; ++i) products(i, i) += alpha;
  const auto solved =
      alpha > 0 ? tensor::solve_positive(products, wide ? y : tensor::transposed_multiply(x, y)) : std::nullopt;
  if (!solved) return by_svd(x, y, alpha);
  return wide ? tensor::transposed_multiply(x, *solved) : *solved;
}

class Ridge final : public Described<LinearClassifier, RidgeOptions> {
 public:
  using Described::Described;

 protected:
  const ClassWeight* weights_of_classes() const override { return &option().class_weight; }

  void fit_present(const PresentRows& rows) override {
    const size_t lines = rows.n_classes() == 2 ? 1 : rows.classes.count();
    Matrix targets(rows.rows(), lines, -1);
    for (size_t i = 0; i < rows.rows(); ++i) {
      const auto label = static_cast<size_t>(rows.y[i]);
      if (lines > 1 || label == 1) targets(i, lines > 1 ? label : 0) = 1;
    }
    const bool moves = option().fit_intercept;
    const std::vector<double> centre = moves ? means(rows.x(), rows.weights) : std::vector<double>(rows.x().columns);
    const std::vector<double> middle = moves ? means(targets, rows.weights) : std::vector<double>(lines);
    const Matrix found =
        solve(centred(rows.x(), centre, rows.weights), centred(targets, middle, rows.weights), option().alpha);
    borders_ = {Matrix(lines, centre.size()), middle};
    for (size_t line = 0; line < lines; ++line) {
      for (size_t j = 0; j < centre.size(); ++j) {
        borders_.coef(line, j) = found(j, line);
        borders_.intercept[line] -= found(j, line) * centre[j];
      }
    }
  }
};

LUMIR_ESTIMATOR(Ridge, {
                           .summary = "Straight borders by least squares, one for each class against all others.",
                           .returns = "a classifier; scores are distances from the borders; 'coef' and 'intercept'",
                           .example = "learn.Ridge { alpha = 10 }",
                           .source = "agrees with scikit-learn's RidgeClassifier",
                       });

}  // namespace
}  // namespace lumir::learn
