// Mean absolute error: by how much predictions miss, on average.

#include <cmath>

#include "metric/outputs.h"

namespace lumir::metric {
namespace {

double miss(double truth, double predicted) { return std::abs(truth - predicted); }

Measurer mean_absolute_error(const Answers& answers, const OutputOptions& options) {
  return mean_over_rows(answers, options, miss);
}

const RegisterMetric<OutputOptions> mean_absolute_error_metric{
    "mean_absolute_error",
    mean_absolute_error,
    {.summary = "By how much predictions miss, on average (MAE).",
     .returns = "a number of at least 0, in the unit of the numbers; a list with multioutput = 'raw_values'",
     .example = "metric.mean_absolute_error({ 1, 2, 4 }, { 1.5, 2, 3 })",
     .source = "scikit-learn's mean_absolute_error"},
    {.greater_is_better = false, .title = "MAE", .targets = {Target::numbers}}};

}  // namespace
}  // namespace lumir::metric
