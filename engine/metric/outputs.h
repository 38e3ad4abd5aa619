// What metrics of numbers share: a score of each column of what was foretold, and how these become one number.

#pragma once

#include <string>
#include <vector>

#include "metric/metric.h"

namespace lumir::metric {

struct OutputOptions {
  std::string multioutput = "uniform_average";
  static Schema schema();
};

/// One column: what is true and what was foretold, with a weight for each row.
struct Output {
  std::vector<double> truth, predicted;

  /// The mean of what `of_row` makes of each row's truth and prediction.
  template <class OfRow>
  double mean_over(Weights weights, OfRow of_row) const {
    double sum = 0, whole = 0;
    for (size_t i = 0; i < truth.size(); ++i) {
      const double weight = weights.empty() ? 1 : weights[i];
      sum += weight * of_row(truth[i], predicted[i]);
      whole += weight;
    }
    return sum / whole;
  }
};

/// A score of each column: their mean, or with 'raw_values' all of them.
Measurer averaged_outputs(const Answers& answers, const OutputOptions& options,
                          double (*score)(const Output& output, Weights weights));
/// The same for a mean over rows.
Measurer mean_over_rows(const Answers& answers, const OutputOptions& options,
                        double (*of_row)(double truth, double predicted));

/// One less the share of a variation that is left: 1 where nothing is left, 0 where the truth does not vary.
double explained(double left, double variation);

}  // namespace lumir::metric
