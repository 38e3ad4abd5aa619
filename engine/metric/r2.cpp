// R2: the share of the variation of numbers that was foretold.

#include "metric/outputs.h"

namespace lumir::metric {
namespace {

double r2_of(const Output& output, Weights weights) {
  const double mean = output.mean_over(weights, [](double truth, double) { return truth; });
  const double left = output.mean_over(weights, [](double y, double p) { return (y - p) * (y - p); });
  return explained(left, output.mean_over(weights, [mean](double y, double) { return (y - mean) * (y - mean); }));
}

Measurer r2(const Answers& answers, const OutputOptions& options) { return averaged_outputs(answers, options, r2_of); }

const RegisterMetric<OutputOptions> r2_metric{
    "r2",
    r2,
    {.summary = "Share of the variation that was foretold (coefficient of determination): 1 is perfect, 0 what the "
                "mean would be worth.",
     .returns = "a number of at most 1; a list with multioutput = 'raw_values'",
     .example = "metric.r2({ 1, 2, 4 }, { 1.5, 2, 3 })",
     .source = "scikit-learn's r2_score"},
    {.title = "R2", .targets = {Target::numbers}}};

}  // namespace
}  // namespace lumir::metric
