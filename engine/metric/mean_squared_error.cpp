// Mean squared error: the average of squared misses.

#include "metric/outputs.h"

namespace lumir::metric {
namespace {

double squared_miss(double truth, double predicted) { return (truth - predicted) * (truth - predicted); }

Measurer mean_squared_error(const Answers& answers, const OutputOptions& options) {
  return mean_over_rows(answers, options, squared_miss);
}

const RegisterMetric<OutputOptions> mean_squared_error_metric{
    "mean_squared_error",
    mean_squared_error,
    {.summary = "The average of squared misses (MSE).",
     .returns = "a number of at least 0; a list with multioutput = 'raw_values'",
     .example = "metric.mean_squared_error({ 1, 2, 4 }, { 1.5, 2, 3 })",
     .source = "scikit-learn's mean_squared_error"},
    {.greater_is_better = false, .title = "MSE", .targets = {Target::numbers}}};

}  // namespace
}  // namespace lumir::metric
