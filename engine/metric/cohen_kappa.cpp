// Cohen's kappa: agreement beyond what two who guess by their own shares of classes would reach.

#include <cmath>

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

struct KappaOptions {
  std::string weights = "none";
  static Schema schema() {
    return {Option{"weights", &KappaOptions::weights,
                   "how much a mistake counts: alike, or by how far classes stand apart",
                   Choices{"none", "linear", "quadratic"}}};
  }
};

double cost(const std::string& weights, size_t i, size_t j) {
  const double apart = std::abs(static_cast<double>(i) - static_cast<double>(j));
  if (weights == "linear") return apart;
  return weights == "quadratic" ? apart * apart : apart > 0;
}

double kappa_of(const Matrix& counts, const std::string& weights) {
  std::vector<double> truth(counts.rows), predicted(counts.rows);
  double all = 0;
  for (size_t i = 0; i < counts.rows; ++i) {
    for (size_t j = 0; j < counts.rows; ++j) {
      truth[i] += counts(i, j);
      predicted[j] += counts(i, j);
      all += counts(i, j);
    }
  }
  double seen = 0, expected = 0;
  for (size_t i = 0; i < counts.rows; ++i) {
    for (size_t j = 0; j < counts.rows; ++j) {
      seen += cost(weights, i, j) * counts(i, j);
      expected += cost(weights, i, j) * truth[i] * predicted[j] / all;
    }
  }
  return expected > 0 ? 1 - seen / expected : 0;  // one class throughout: nothing beyond chance
}

Measurer cohen_kappa(const Answers& answers, const KappaOptions& options) {
  return Measurer([answers, how = options.weights](Weights weights) -> Value {
    return kappa_of(confusion(answers, weights), how);
  });
}

const RegisterMetric<KappaOptions> cohen_kappa_metric{
    "cohen_kappa",
    cohen_kappa,
    {.summary = "Agreement with the truth beyond what guessing by the shares of classes would reach.",
     .returns = "a number up to 1; 0 is chance",
     .example = "metric.cohen_kappa({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's cohen_kappa_score; Cohen, A Coefficient of Agreement for Nominal Scales (1960)"},
    {.title = "Cohen's kappa"}};

}  // namespace
}  // namespace lumir::metric
