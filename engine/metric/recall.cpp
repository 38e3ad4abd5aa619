// Recall: the share of a class that was found.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

double recall_of_class(const ClassCount& count) { return ratio_or_zero(count.right, count.truth); }

/// Of classes, weighted by the rows of the truth, it is accuracy in other words.
Measurer recall(const Answers& answers, const AverageOptions& options) {
  if (options.average == "weighted" && answers.target == Target::classes) return share_right(answers);
  return averaged(answers, options, recall_of_class);
}

const RegisterMetric<AverageOptions> recall_metric{
    "recall",
    recall,
    {.summary = "Share of the rows of a class that were found.",
     .returns = "a number from 0 to 1; one for each class with average = 'none'",
     .example = "metric.recall({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's recall_score, zero_division = 0"},
    {.targets = {Target::classes, Target::tags}}};

}  // namespace
}  // namespace lumir::metric
