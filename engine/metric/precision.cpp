// Precision: the share of what was taken for a class that is of it.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

Value precision(const Answers& answers, const AverageOptions& options) {
  const Matrix counts = confusion(answers);
  return average(ratios(counts).precision, counts, options);
}

const RegisterMetric<AverageOptions> precision_metric{
    "precision",
    precision,
    {.summary = "Share of the rows taken for a class that are of it.",
     .returns = "a number from 0 to 1; one for each class with average = 'none'",
     .example = "metric.precision({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's precision_score, zero_division = 0"}};

}  // namespace
}  // namespace lumir::metric
