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

/// True where a variance is nothing but rounding (Chan, Golub and LeVeque's bound of the two-pass algorithm).
bool is_constant(double variance, double mean, double n) {
  constexpr double eps = std::numeric_limits<double>::epsilon();
  return variance <= n * eps * variance + (n * mean * eps) * (n * mean * eps);
}

class StandardScaler final : public Described<Scaler, StandardScalerOptions> {
 public:
  using Described::Described;

 protected:
  Measures measure(std::vector<double>& column) const override {
    const double n = static_cast<double>(column.size());
    double sum = 0;
    for (const double value : column) sum += value;
    const double mean = sum / n;

    double squares = 0, remainder = 0;  // the remainder corrects the rounding of the mean
    for (const double value : column) {
      squares += (value - mean) * (value - mean);
      remainder += value - mean;
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
