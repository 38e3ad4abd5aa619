// MaxAbsScaler: every column between -1 and 1, zeros left where they are.

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/scaler.h"

namespace lumir::learn {
namespace {

class MaxAbsScaler final : public Described<Scaler, NoOptions> {
 public:
  using Described::Described;

 protected:
  Measures measure(std::vector<double>& column, std::span<const double>) const override {
    double most = 0;
    for (const double value : column) most = std::max(most, std::fabs(value));
    Measures measures;
    if (most >= 10 * std::numeric_limits<double>::epsilon()) measures.scale = most;
    return measures;
  }
};

LUMIR_ESTIMATOR(MaxAbsScaler, {
                                  .summary = "Divides every column by its largest absolute number.",
                                  .returns = "a transformer; [rows, columns] come out",
                                  .example = "learn.MaxAbsScaler()",
                                  .source = "agrees with scikit-learn's MaxAbsScaler",
                              });

}  // namespace
}  // namespace lumir::learn
