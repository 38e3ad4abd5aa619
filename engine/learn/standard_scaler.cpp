// StandardScaler: every column gets mean 0 and variance 1.

#include <cmath>
#include <limits>

#include "learn/scaler.h"

namespace lumir::learn {
namespace {

struct StandardScalerOptions {
  bool with_mean = true;
  bool with_std = true;
  static Schema schema() {
    return {Option{"with_mean", &StandardScalerOptions::with_mean, "subtract the mean"},
            Option{"with_std", &StandardScalerOptions::with_std, "divide by the standard deviation (ddof 0)"}};
  }
};

/// True where a variance is nothing but rounding (Chan, Golub and LeVeque's bound of the two-pass algorithm); false
/// where it is no number.
bool is_constant(double variance, double mean, double n) {
  constexpr double eps = std::numeric_limits<double>::epsilon();
  return std::isfinite(variance) && variance <= n * eps * variance + (n * mean * eps) * (n * mean * eps);
}

class StandardScaler final : public Described<Scaler, StandardScalerOptions> {
 public:
  using Described::Described;

 protected:
  Measures measure(std::vector<double>& column, std::span<const double> weights) const override {
    const auto weight = [&](size_t row) { return weights.empty() ? 1 : weights[row]; };
    double n = 0, sum = 0;
    for (size_t row = 0; row < column.size(); ++row) {
      n += weight(row);
      sum += weight(row) * column[row];
    }
    if (n == 0) throw ArgumentError("StandardScaler: no row weighs more than 0");
    const double mean = sum / n;

    double squares = 0, remainder = 0;  // the remainder corrects the rounding of the mean
    for (size_t row = 0; row < column.size(); ++row) {
      squares += weight(row) * (column[row] - mean) * (column[row] - mean);
      remainder += weight(row) * (column[row] - mean);
    }
    const double variance = (squares - remainder * remainder / n) / n;

    Measures measures;
    if (option().with_mean) measures.center = mean;
    if (option().with_std && !is_constant(variance, mean, n)) measures.scale = std::sqrt(variance);
    return measures;
  }
};

LUMIR_ESTIMATOR(StandardScaler, {
                                    .summary = "Gives every column mean 0 and variance 1.",
                                    .returns = "a transformer; [rows, columns] come out",
                                    .example = "learn.StandardScaler()",
                                    .source = "agrees with scikit-learn's StandardScaler",
                                });

}  // namespace
}  // namespace lumir::learn
