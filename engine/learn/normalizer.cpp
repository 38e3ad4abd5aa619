// Normalizer: every row of length 1.

#include <algorithm>
#include <cmath>

#include "learn/estimator.h"

namespace lumir::learn {
namespace {

struct NormalizerOptions {
  std::string norm = "l2";
  static Schema schema() {
    return {Option{"norm", &NormalizerOptions::norm,
                   "what length is: the root of squares, the sum of absolute numbers, or the largest of them",
                   Choices{"l2", "l1", "max"}}};
  }
};

class Normalizer final : public Described<Transformer, NormalizerOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    check_rows(name(), training.x);
    columns_ = training.x.columns;
  }

  bool fitted() const override { return columns_ > 0; }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, columns_);
    Matrix out = x;
    for (size_t i = 0; i < x.rows; ++i) {
      const double length = length_of(x.row(i));
      if (length == 0) continue;
      for (double& value : out.row(i)) value /= length;
    }
    return out;
  }

  State state() const override { return {{"n_features", {static_cast<double>(columns_)}}}; }

  void load_state(const State& state) override {
    const auto columns = state_numbers(name(), state, "n_features");
    if (columns.size() != 1) refuse_state(name());
    columns_ = static_cast<size_t>(state_whole(name(), columns[0], 1, 1e9));
  }

 private:
  double length_of(std::span<const double> row) const {
    double most = 0, sum = 0;
    for (const double value : row) most = std::max(most, std::fabs(value));
    if (option().norm == "max" || most == 0) return most;
    for (const double value : row) {  // in units of the largest, so that no square is infinite
      const double part = std::fabs(value) / most;
      sum += option().norm == "l1" ? part : part * part;
    }
    return most * (option().norm == "l1" ? sum : std::sqrt(sum));
  }

  size_t columns_ = 0;
};

LUMIR_ESTIMATOR(Normalizer, {
                                .summary = "Gives every row length 1.",
                                .returns = "a transformer; [rows, columns] come out",
                                .example = "learn.Normalizer { norm = 'l1' }",
                                .source = "agrees with scikit-learn's Normalizer",
                            });

}  // namespace
}  // namespace lumir::learn
