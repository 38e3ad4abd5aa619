// Recall: the share of a class that was found.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

Value recall(const Answers& answers, const AverageOptions& options) {
  const Matrix counts = confusion(answers);
  return average(ratios(counts).recall, counts, options);
}

const RegisterMetric<AverageOptions> recall_metric{
    "recall",
    recall,
    {.summary = "Share of the rows of a class that were found.",
     .returns = "a number from 0 to 1; one for each class with average = 'none'",
     .example = "metric.recall({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's recall_score, zero_division = 0"}};

}  // namespace
}  // namespace lumir::metric
