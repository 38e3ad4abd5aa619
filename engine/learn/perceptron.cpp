// Perceptron: borders that move only where a row is on the wrong side.

#include "core/random.h"
#include "learn/sgd_fit.h"

namespace lumir::learn {
namespace {

struct PerceptronOptions : SgdFit {
  ClassWeight class_weight;
  std::optional<int> seed = 0;  // over SgdFit's, which is a number already
  PerceptronOptions() {
    loss = "perceptron";
    penalty = "none";
    learning_rate = "constant";
    eta0 = 1;
  }
  static Schema schema() {
    using S = PerceptronOptions;
    return {Option{"penalty", &S::penalty, "what keeps weights small", Choices{"none", "l2", "l1", "elasticnet"}},
            Option{"alpha", &S::alpha, "of the penalty", kPositive},
            Option{"l1_ratio", &S::l1_ratio, "share of absolute values in 'elasticnet'", Range{0, 1}},
            Option{"fit_intercept", &S::fit_intercept, "borders need not pass through 0"},
            Option{"max_iter", &S::max_iter, "times that all rows are seen", Range{1}},
            Option{"tol", &S::tol, "what counts as a gain", kNonNegative},
            Option{"shuffle", &S::shuffle, "see rows in another order each time"},
            Option{"eta0", &S::eta0, "length of steps", kPositive},
            Option{"early_stopping", &S::early_stopping, "hold rows out and stop when they are foretold no better"},
            Option{"validation_fraction", &S::validation_fraction, "share of rows held out", Range{above(0), below(1)}},
            Option{"n_iter_no_change", &S::n_iter_no_change, "times without a gain that stop it", Range{1}},
            class_weight_option(&S::class_weight),
            Option{"seed", &S::seed, "of the order of rows; 'none' takes that of lumir.seed"}};
  }
};

class Perceptron final : public Described<LinearClassifier, PerceptronOptions> {
 public:
  using Described::Described;

 protected:
  const ClassWeight* weights_of_classes() const override { return &option().class_weight; }

  void fit_present(const PresentRows& rows) override {
    SgdFit how = option();
    how.seed = seed_or_global(option().seed);
    borders_ = fit_sgd(name(), rows, how);
  }
};

LUMIR_ESTIMATOR(Perceptron, {
                                .summary = "Straight borders that move where a row is on the wrong side.",
                                .returns = "a classifier; scores are distances; 'coef' and 'intercept' are its borders",
                                .example = "learn.Perceptron()",
                                .source = "Rosenblatt, The Perceptron (1958); agrees with scikit-learn's Perceptron",
                            });

}  // namespace
}  // namespace lumir::learn
