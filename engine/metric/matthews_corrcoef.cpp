// Matthews' correlation: a correlation of truth and prediction that no imbalance of classes flatters.

#include <cmath>

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

/// 0 where all rows are of one class, or are taken for one.
double correlation_of(const std::vector<ClassCount>& counts) {
  double all = 0, right = 0, both = 0, truths = 0, guesses = 0;
  for (const auto& count : counts) {
    all += count.truth;
    right += count.right;
    both += count.truth * count.predicted;
    truths += count.truth * count.truth;
    guesses += count.predicted * count.predicted;
  }
  const double spread = (all * all - truths) * (all * all - guesses);
  return spread > 0 ? (right * all - both) / std::sqrt(spread) : 0;
}

Measurer matthews_corrcoef(const Answers& answers, const NoOptions&) {
  return Measurer([answers](Weights weights) -> Value { return correlation_of(count_classes(answers, weights)); });
}

const RegisterMetric<NoOptions> matthews_corrcoef_metric{
    "matthews_corrcoef",
    matthews_corrcoef,
    {.summary = "Correlation of the true and the predicted classes.",
     .returns = "a number from -1 to 1; 0 is chance",
     .example = "metric.matthews_corrcoef({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source =
         "scikit-learn's matthews_corrcoef; Gorodkin, Comparing two K-category assignments by a K-category correlation "
         "coefficient (2004)"},
    {.title = "Matthews"}};

}  // namespace
}  // namespace lumir::metric
