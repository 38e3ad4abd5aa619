// RidgeRegressor: numbers as weighted sums of the columns, by least squares.

#include "learn/estimator.h"
#include "learn/least_squares.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct RidgeRegressorOptions {
  double alpha = 1;
  bool fit_intercept = true;
  static Schema schema() {
    return {Option{"alpha", &RidgeRegressorOptions::alpha, "pull of all weights towards 0; 0 is plain least squares",
                   kNonNegative},
            Option{"fit_intercept", &RidgeRegressorOptions::fit_intercept, "sums need not pass through 0"}};
  }
};

class RidgeRegressor final : public Described<Regressor, RidgeRegressorOptions> {
 public:
  using Described::Described;

  bool fitted() const override { return lines_.coef.columns > 0; }

  /// "coef" [numbers, columns] and "intercept" [numbers], as scikit-learn has them.
  State state() const override { return {{"coef", to_array(lines_.coef)}, {"intercept", lines_.intercept}}; }

 protected:
  void fit_rows(const Training& training) override {
    check_numbers(name(), training);
    std::vector<double> weights;
    for (size_t i = 0; i < training.x.rows; ++i) weights.push_back(training.weight(i));
    lines_ = least_squares(name(), training.x, *training.values, weights, option().alpha, option().fit_intercept);
    n_classes_ = static_cast<int>(training.values->columns);
  }

  void load_state(const State& state) override {
    lines_ = {state_matrix(name(), state, "coef"), state_numbers(name(), state, "intercept")};
    if (lines_.coef.rows == 0 || lines_.coef.columns == 0 || lines_.intercept.size() != lines_.coef.rows) {
      refuse_state(name());
    }
    n_classes_ = static_cast<int>(lines_.coef.rows);
  }

  Matrix number_rows(const Matrix& x) const override {
    check_columns(name(), x, lines_.coef.columns);
    Matrix numbers = tensor::multiply_transposed(x, lines_.coef);
    for (size_t i = 0; i < numbers.rows; ++i) {
      for (size_t line = 0; line < numbers.columns; ++line) numbers(i, line) += lines_.intercept[line];
    }
    return numbers;
  }

 private:
  LeastSquares lines_;
};

LUMIR_ESTIMATOR(RidgeRegressor, {
                                    .summary = "Numbers as weighted sums of the columns, by least squares.",
                                    .returns = "a regressor; 'coef' and 'intercept'",
                                    .example = "learn.RidgeRegressor { alpha = 10 }",
                                    .source = "agrees with scikit-learn's Ridge",
                                });

}  // namespace
}  // namespace lumir::learn
