// RobustScaler: every column gets median 0 and interquartile range 1, so that single wild values do not matter.

#include <limits>

#include "learn/quantiles.h"
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
