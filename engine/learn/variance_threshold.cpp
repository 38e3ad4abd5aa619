// VarianceThreshold: columns that hardly change go.

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/selector.h"

namespace lumir::learn {
namespace {

struct VarianceThresholdOptions {
  double threshold = 0;
  static Schema schema() {
    return {Option{"threshold", &VarianceThresholdOptions::threshold, "columns whose variance is not above it go",
                   kNonNegative}};
  }
};

class VarianceThreshold final : public Described<Selector, VarianceThresholdOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    check_rows(name(), x);
    std::vector<double> variances(x.columns);
    std::vector<int> chosen;
    for (size_t j = 0; j < x.columns; ++j) {
      variances[j] = variance(x, j);
      if (variances[j] > option().threshold) chosen.push_back(static_cast<int>(j));
    }
    if (chosen.empty()) {
      throw ArgumentError("VarianceThreshold: no column has a variance above " + show_number(option().threshold));
    }
    keep(std::move(variances), std::move(chosen));
  }

 protected:
  std::string score_name() const override { return "variances"; }

 private:
  /// From the first number, so that a constant column has none exactly; infinite where squares are no numbers.
  static double variance(const Matrix& x, size_t column) {
    const double n = static_cast<double>(x.rows), first = x(0, column);
    double mean = 0, squares = 0;
    for (size_t i = 0; i < x.rows; ++i) mean += (x(i, column) - first) / n;
    for (size_t i = 0; i < x.rows; ++i) {
      const double off = x(i, column) - first - mean;
      squares += off * off / n;
    }
    return std::isfinite(squares) ? squares : std::numeric_limits<double>::infinity();
  }
};

LUMIR_ESTIMATOR(VarianceThreshold, {
                                       .summary = "Lets columns go that hardly change.",
                                       .returns = "a transformer; the kept columns come out",
                                       .example = "learn.VarianceThreshold { threshold = 0.01 }",
                                       .source = "agrees with scikit-learn's VarianceThreshold",
                                   });

}  // namespace
}  // namespace lumir::learn
