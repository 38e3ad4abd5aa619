// LogisticRegression: straight borders whose distances are probabilities.

#include <algorithm>
#include <cmath>

#include "learn/linear_fit.h"

namespace lumir::learn {
namespace {

struct LogisticRegressionOptions {
  std::string penalty = "l2";
  double C = 1;
  double l1_ratio = 0;
  bool fit_intercept = true;
  double tol = 1e-4;
  int max_iter = 100;
  ClassWeight class_weight;
  static Schema schema() {
    return {Option{"penalty", &LogisticRegressionOptions::penalty,
                   "what keeps weights small: their squares, their absolute values, or both by 'l1_ratio'",
                   Choices{"l2", "l1", "elasticnet", "none"}},
            Option{"C", &LogisticRegressionOptions::C, "what rows count against the penalty; smaller is smoother",
                   Range{above(0), 1e100}},
            Option{"l1_ratio", &LogisticRegressionOptions::l1_ratio,
                   "share of absolute values in the penalty, where that is not 'l1'", Range{0, 1}},
            Option{"fit_intercept", &LogisticRegressionOptions::fit_intercept, "borders need not pass through 0"},
            Option{"tol", &LogisticRegressionOptions::tol, "when to stop", kPositive},
            Option{"max_iter", &LogisticRegressionOptions::max_iter, "steps of the solver", Range{1}},
            class_weight_option(&LogisticRegressionOptions::class_weight)};
  }
};

/// log(1 + e^-d) for the second of two classes, log(1 + e^d) for the first.
double loss_of_two(bool second, double& decision) {
  const double margin = second ? decision : -decision, e = std::exp(-std::fabs(margin));
  const double wrong = margin > 0 ? e / (1 + e) : 1 / (1 + e);  // the probability of the other class
  decision = second ? -wrong : wrong;
  return std::log1p(e) + std::max(-margin, 0.0);
}

/// Of the softmax of all decisions.
double loss_of_many(size_t label, std::span<double> decisions) {
  const double most = *std::max_element(decisions.begin(), decisions.end()), own = decisions[label];
  double sum = 0;
  for (double& value : decisions) sum += value = std::exp(value - most);
  for (double& value : decisions) value /= sum;
  decisions[label] -= 1;
  return std::log(sum) + most - own;
}

class LogisticRegression final : public Described<LinearClassifier, LogisticRegressionOptions> {
 public:
  using Described::Described;
  ScoreKind score_kind() const override { return ScoreKind::probabilities; }

 protected:
  const ClassWeight* weights_of_classes() const override { return &option().class_weight; }

  void fit_present(const PresentRows& rows) override {
    const double strength = option().penalty == "none" ? 0 : 1 / option().C;
    const double share = option().penalty == "l1" ? 1 : option().l1_ratio;
    const bool two = rows.n_classes() == 2;
    LinearFit how;
    how.lines = two ? 1 : rows.classes.count();
    how.fit_intercept = option().fit_intercept;
    how.l1 = share * strength;
    how.l2 = (1 - share) * strength;
    how.most_curvature = 0.25;
    how.max_iter = option().max_iter;
    how.tol = option().tol;
    how.loss = [&](size_t row, std::span<double> decisions) {
      const int label = rows.y[row];
      return two ? loss_of_two(label == 1, decisions[0]) : loss_of_many(static_cast<size_t>(label), decisions);
    };
    how.curvature = [](size_t, size_t, double slope) { return std::fabs(slope) * (1 - std::fabs(slope)); };
    how.softmax = !two;
    borders_ = fit_linear(name(), rows, how);
  }

  Matrix score_present(const Matrix& x) const override {
    Matrix decisions = borders_.decisions(x);
    if (decisions.columns == 1) {  // e^0 stands for the first class
      Matrix two(decisions.rows, 2);
      for (size_t i = 0; i < two.rows; ++i) two(i, 1) = decisions(i, 0);
      decisions = std::move(two);
    }
    softmax(decisions);
    return decisions;
  }
};

LUMIR_ESTIMATOR(LogisticRegression,
                {
                    .summary = "Straight borders whose distances are probabilities of the classes.",
                    .returns = "a classifier; scores are probabilities; 'coef' and 'intercept' are its borders",
                    .example = "learn.LogisticRegression { C = 0.1 }",
                    .source = "agrees with scikit-learn's LogisticRegression, whatever its solver (multinomial)",
                });

}  // namespace
}  // namespace lumir::learn
