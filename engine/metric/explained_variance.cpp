// Explained variance: R2 that forgives a constant error.

#include "metric/outputs.h"

namespace lumir::metric {
namespace {

double explained_variance_of(const Output& output, Weights weights) {
  const double mean = output.mean_over(weights, [](double truth, double) { return truth; });
  const double bias = output.mean_over(weights, [](double y, double p) { return y - p; });
  const double left = output.mean_over(weights, [bias](double y, double p) { return (y - p - bias) * (y - p - bias); });
  return explained(left, output.mean_over(weights, [mean](double y, double) { return (y - mean) * (y - mean); }));
}

Measurer explained_variance(const Answers& answers, const OutputOptions& options) {
  return averaged_outputs(answers, options, explained_variance_of);
}

const RegisterMetric<OutputOptions> explained_variance_metric{
    "explained_variance",
    explained_variance,
    {.summary = "Share of the variation that was foretold, where what is always too much by the same is no error.",
     .returns = "a number of at most 1; a list with multioutput = 'raw_values'",
     .example = "metric.explained_variance({ 1, 2, 4 }, { 1.5, 2, 3 })",
     .source = "scikit-learn's explained_variance_score"},
    {.targets = {Target::numbers}}};

}  // namespace
}  // namespace lumir::metric
