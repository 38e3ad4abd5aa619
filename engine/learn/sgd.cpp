// SGD: straight borders that are moved a little by every row.

#include <cmath>

#include "core/random.h"
#include "learn/sgd_fit.h"

namespace lumir::learn {
namespace {

struct SGDOptions : SgdFit {
  ClassWeight class_weight;
  std::optional<int> seed;  // over SgdFit's, which is a number already
  static Schema schema() {
    using S = SGDOptions;
    return {Option{"loss", &S::loss, "'hinge' as LinearSVC, 'log_loss' as LogisticRegression, or another",
                   Choices{"hinge", "log_loss", "modified_huber", "squared_hinge", "perceptron"}},
            Option{"penalty", &S::penalty, "what keeps weights small", Choices{"l2", "l1", "elasticnet", "none"}},
            Option{"alpha", &S::alpha, "of the penalty", kPositive},
            Option{"l1_ratio", &S::l1_ratio, "share of absolute values in 'elasticnet'", Range{0, 1}},
            Option{"fit_intercept", &S::fit_intercept, "borders need not pass through 0"},
            Option{"max_iter", &S::max_iter, "times that all rows are seen", Range{1}},
            Option{"tol", &S::tol, "what counts as a gain", kNonNegative},
            Option{"shuffle", &S::shuffle, "see rows in another order each time"},
            Option{"learning_rate", &S::learning_rate, "how long steps are",
                   Choices{"optimal", "constant", "invscaling", "adaptive"}},
            Option{"eta0", &S::eta0, "length of the first step, but for 'optimal'", kPositive},
            Option{"power_t", &S::power_t, "how fast 'invscaling' shortens them"},
            Option{"early_stopping", &S::early_stopping, "hold rows out and stop when they are foretold no better"},
            Option{"validation_fraction", &S::validation_fraction, "share of rows held out", Range{above(0), below(1)}},
            Option{"n_iter_no_change", &S::n_iter_no_change, "times without a gain that stop it", Range{1}},
            Option{"average", &S::average, "the mean of all weights on the way instead of the last"},
            class_weight_option(&S::class_weight),
            Option{"seed", &S::seed, "of the order of rows; 'none' takes that of lumir.seed"}};
  }
};

class SGD final : public Described<LinearClassifier, SGDOptions> {
 public:
  using Described::Described;
  ScoreKind score_kind() const override {
    return gives_probabilities() ? ScoreKind::probabilities : ScoreKind::decisions;
  }

 protected:
  const ClassWeight* weights_of_classes() const override { return &option().class_weight; }

  void fit_present(const PresentRows& rows) override {
    SgdFit how = option();
    how.seed = seed_or_global(option().seed);
    borders_ = fit_sgd(name(), rows, how);
  }

  Matrix score_present(const Matrix& x) const override {
    Matrix out = Described::score_present(x);
    if (!gives_probabilities()) return out;
    for (double& decision : out.values) {  // one against all others, then shared out, as scikit-learn
      decision = decision >= 0 ? 1 / (1 + std::exp(-decision)) : std::exp(decision) / (1 + std::exp(decision));
    }
    share_out(out);
    return out;
  }

 private:
  bool gives_probabilities() const { return option().loss == "log_loss"; }
};

LUMIR_ESTIMATOR(SGD, {
                         .summary = "Straight borders that are moved a little by every row.",
                         .returns = "a classifier; scores are distances, or probabilities where 'loss' is 'log_loss'",
                         .example = "learn.SGD { loss = 'log_loss', max_iter = 20 }",
                         .source = "agrees with scikit-learn's SGDClassifier",
                     });

}  // namespace
}  // namespace lumir::learn
