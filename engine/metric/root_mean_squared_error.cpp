// Root mean squared error: large misses count more than in the mean absolute error.

#include <cmath>

#include "metric/outputs.h"

namespace lumir::metric {
namespace {

double root_of(const Output& output, Weights weights) {
  return std::sqrt(output.mean_over(weights, [](double y, double p) { return (y - p) * (y - p); }));
}

Measurer root_mean_squared_error(const Answers& answers, const OutputOptions& options) {
  return averaged_outputs(answers, options, root_of);
}

const RegisterMetric<OutputOptions> root_mean_squared_error_metric{
    "root_mean_squared_error",
    root_mean_squared_error,
    {.summary = "The root of the average of squared misses (RMSE).",
     .returns = "a number of at least 0, in the unit of the numbers; a list with multioutput = 'raw_values'",
     .example = "metric.root_mean_squared_error({ 1, 2, 4 }, { 1.5, 2, 3 })",
     .source = "scikit-learn's root_mean_squared_error"},
    {.greater_is_better = false, .title = "RMSE", .targets = {Target::numbers}}};

}  // namespace
}  // namespace lumir::metric
