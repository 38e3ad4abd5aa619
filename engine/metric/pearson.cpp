// Pearson's correlation: whether predictions rise and fall with the truth.

#include <cmath>

#include "metric/outputs.h"

namespace lumir::metric {
namespace {

double correlation(const Output& output, Weights weights) {
  const double truth = output.mean_over(weights, [](double y, double) { return y; });
  const double predicted = output.mean_over(weights, [](double, double p) { return p; });
  const double both = output.mean_over(weights, [=](double y, double p) { return (y - truth) * (p - predicted); });
  const double of_truth = output.mean_over(weights, [=](double y, double) { return (y - truth) * (y - truth); });
  const double of_predicted =
      output.mean_over(weights, [=](double, double p) { return (p - predicted) * (p - predicted); });
  const double spread = std::sqrt(of_truth) * std::sqrt(of_predicted);
  return spread > 0 ? both / spread : 0;
}

Measurer pearson(const Answers& answers, const OutputOptions& options) {
  return averaged_outputs(answers, options, correlation);
}

const RegisterMetric<OutputOptions> pearson_metric{
    "pearson",
    pearson,
    {.summary = "Pearson's correlation of truth and prediction; 0 where one of the two does not vary.",
     .returns = "a number from -1 to 1; a list with multioutput = 'raw_values'",
     .example = "metric.pearson({ 1, 2, 4 }, { 1.5, 2, 3 })",
     .source = "scipy.stats.pearsonr"},
    {.title = "Pearson r", .targets = {Target::numbers}}};

}  // namespace
}  // namespace lumir::metric
