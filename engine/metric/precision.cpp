// Precision: the share of what was taken for a class that is of it.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

double precision_of_class(const ClassCount& count) { return ratio_or_zero(count.right, count.predicted); }

Measurer precision(const Answers& answers, const AverageOptions& options) {
  return averaged(answers, options, precision_of_class);
}

const RegisterMetric<AverageOptions> precision_metric{
    "precision",
    precision,
    {.summary = "Share of the rows taken for a class that are of it.",
     .returns = "a number from 0 to 1; one for each class with average = 'none'",
     .example = "metric.precision({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's precision_score, zero_division = 0"},
    {.targets = {Target::classes, Target::tags}}};

}  // namespace
}  // namespace lumir::metric
