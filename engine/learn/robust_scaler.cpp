// RobustScaler: every column gets median 0 and interquartile range 1, so that single wild values do not matter.

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/scaler.h"

namespace lumir::learn {
namespace {

struct RobustScalerOptions {
  bool with_centering = true;
  bool with_scaling = true;
  std::vector<double> quantile_range = {25, 75};
  bool unit_variance = false;
  static Schema schema() {
    return {
        Option{"with_centering", &RobustScalerOptions::with_centering, "subtract the median"},
        Option{"with_scaling", &RobustScalerOptions::with_scaling, "divide by the range between two quantiles"},
        Option{"quantile_range", &RobustScalerOptions::quantile_range, "the two quantiles", Unit{"percent"},
               Range{0, 100}},
        Option{"unit_variance", &RobustScalerOptions::unit_variance, "scale so that normal columns get variance 1"}};
  }
};

/// numpy's percentile, interpolated linearly; reorders `values`.
double percentile(std::vector<double>& values, double percent) {
  const double place = static_cast<double>(values.size() - 1) * percent / 100;
  const size_t below = static_cast<size_t>(place);
  const double t = place - static_cast<double>(below);
  const auto low = values.begin() + static_cast<ptrdiff_t>(below);
  std::nth_element(values.begin(), low, values.end());
  if (t == 0) return *low;
  const double a = *low, b = *std::min_element(low + 1, values.end());
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

/// The normal distribution's quantile, by bisection of its distribution function.
double normal_quantile(double share) {
  double low = -40, high = 40;
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

class RobustScaler final : public Described<Scaler, RobustScalerOptions> {
 public:
  RobustScaler(const Entry& entry, const Map& options) : Described(entry, options) {
    const auto& range = option().quantile_range;
    if (range.size() != 2 || range[0] > range[1]) {
      throw ArgumentError("RobustScaler: 'quantile_range' must be two numbers in ascending order, got " +
                          show(this->options().at("quantile_range")));
    }
    if (!option().unit_variance) return;
    if (range[0] == 0 || range[1] == 100 || range[0] == range[1]) {
      throw ArgumentError("RobustScaler: 'unit_variance' needs a 'quantile_range' within 0 and 100, got " +
                          show(this->options().at("quantile_range")));
    }
    spread_of_normal_ = normal_quantile(range[1] / 100) - normal_quantile(range[0] / 100);
  }

 protected:
  Measures measure(std::vector<double>& column, std::span<const double>) const override {
    Measures measures;
    if (option().with_centering) measures.center = median(column);
    if (!option().with_scaling) return measures;
    const auto& range = option().quantile_range;
    const double spread = percentile(column, range[1]) - percentile(column, range[0]);
    const bool constant = spread < 10 * std::numeric_limits<double>::epsilon();
    measures.scale = (constant ? 1 : spread) / spread_of_normal_;
    return measures;
  }

 private:
  double spread_of_normal_ = 1;
};

LUMIR_ESTIMATOR(RobustScaler, {
                                  .summary = "Gives every column median 0 and interquartile range 1.",
                                  .returns = "a transformer; [rows, columns] come out",
                                  .example = "learn.RobustScaler { quantile_range = { 10, 90 } }",
                                  .source = "agrees with scikit-learn's RobustScaler",
                              });

}  // namespace
}  // namespace lumir::learn
