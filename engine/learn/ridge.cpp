// Ridge: straight borders by least squares, one for each class against all others.

#include "learn/least_squares.h"
#include "learn/linear_classifier.h"

namespace lumir::learn {
namespace {

struct RidgeOptions {
  double alpha = 1;
  bool fit_intercept = true;
  ClassWeight class_weight;
  static Schema schema() {
    return {Option{"alpha", &RidgeOptions::alpha, "pull of all weights towards 0", kNonNegative},
            Option{"fit_intercept", &RidgeOptions::fit_intercept, "borders need not pass through 0"},
            class_weight_option(&RidgeOptions::class_weight)};
  }
};

class Ridge final : public Described<LinearClassifier, RidgeOptions> {
 public:
  using Described::Described;

 protected:
  const ClassWeight* weights_of_classes() const override { return &option().class_weight; }

  void fit_present(const PresentRows& rows) override {
    const size_t lines = rows.n_classes() == 2 ? 1 : rows.classes.count();
    Matrix targets(rows.rows(), lines, -1);
    for (size_t i = 0; i < rows.rows(); ++i) {
      const auto label = static_cast<size_t>(rows.y[i]);
      if (lines > 1 || label == 1) targets(i, lines > 1 ? label : 0) = 1;
    }
    const LeastSquares found =
        least_squares(name(), rows.x(), targets, rows.weights, option().alpha, option().fit_intercept);
    borders_ = {found.coef, found.intercept};
  }
};

LUMIR_ESTIMATOR(Ridge, {
                           .summary = "Straight borders by least squares, one for each class against all others.",
                           .returns = "a classifier; scores are distances from the borders; 'coef' and 'intercept'",
                           .example = "learn.Ridge { alpha = 10 }",
                           .source = "agrees with scikit-learn's RidgeClassifier",
                       });

}  // namespace
}  // namespace lumir::learn
