// MinMaxScaler: every column between two numbers.

#include <algorithm>
#include <limits>

#include "learn/scaler.h"

namespace lumir::learn {
namespace {

struct MinMaxScalerOptions {
  std::vector<double> feature_range = {0, 1};
  bool clip = false;
  static Schema schema() {
    return {Option{"feature_range", &MinMaxScalerOptions::feature_range, "the smallest and the largest number"},
            Option{"clip", &MinMaxScalerOptions::clip, "keep numbers outside those of the fit within the range"}};
  }
};

class MinMaxScaler final : public Described<Scaler, MinMaxScalerOptions> {
 public:
  MinMaxScaler(const Entry& entry, const Map& options) : Described(entry, options) {
    const auto& range = option().feature_range;
    if (range.size() == 2 && range[0] < range[1]) return;
    throw ArgumentError("MinMaxScaler: 'feature_range' must be two numbers in ascending order, got " +
                        show(this->options().at("feature_range")));
  }

  Matrix transform_rows(const Matrix& x) const override {
    Matrix out = Described::transform_rows(x);
    if (!option().clip) return out;
    const auto& range = option().feature_range;
    for (double& value : out.values) value = std::clamp(value, range[0], range[1]);
    return out;
  }

 protected:
  Measures measure(std::vector<double>& column, std::span<const double>) const override {
    const auto [least, most] = std::minmax_element(column.begin(), column.end());
    const double low = option().feature_range[0], width = option().feature_range[1] - low;
    const double spread = *most - *least;
    Measures measures;
    measures.scale = (spread < 10 * std::numeric_limits<double>::epsilon() ? 1 : spread) / width;
    measures.center = *least - low * measures.scale;
    return measures;
  }
};

LUMIR_ESTIMATOR(MinMaxScaler, {
                                  .summary = "Moves and stretches every column between two numbers.",
                                  .returns = "a transformer; [rows, columns] come out",
                                  .example = "learn.MinMaxScaler { feature_range = { -1, 1 } }",
                                  .source = "agrees with scikit-learn's MinMaxScaler",
                              });

}  // namespace
}  // namespace lumir::learn
