// F1: the harmonic mean of precision and recall.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

Value f1(const Answers& answers, const AverageOptions& options) {
  const Matrix counts = confusion(answers);
  return average(ratios(counts).f1, counts, options);
}

const RegisterMetric<AverageOptions> f1_metric{
    "f1",
    f1,
    {.summary = "Harmonic mean of precision and recall.",
     .returns = "a number from 0 to 1; one for each class with average = 'none'",
     .example = "metric.f1({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's f1_score, zero_division = 0"}};

}  // namespace
}  // namespace lumir::metric
