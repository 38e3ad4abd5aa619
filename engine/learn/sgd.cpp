// SGD: straight borders that are moved a little by every row.

#include <cmath>

#include "learn/sgd_fit.h"

namespace lumir::learn {
namespace {

struct SGDOptions : SgdOptions {
  static Schema schema() {
    using S = SGDOptions;
    return sgd_schema<S>(
        {Option{"loss", &S::loss, "'hinge' as LinearSVC, 'log_loss' as LogisticRegression, or another",
                Choices{"hinge", "log_loss", "modified_huber", "squared_hinge", "perceptron"}},
         Option{"penalty", &S::penalty, "what keeps weights small", Choices{"l2", "l1", "elasticnet", "none"}},
         Option{"learning_rate", &S::learning_rate, "how long steps are",
                Choices{"optimal", "constant", "invscaling", "adaptive"}},
         Option{"eta0", &S::eta0, "length of the first step, but for 'optimal'", kPositive},
         Option{"power_t", &S::power_t, "how fast 'invscaling' shortens them"},
         Option{"average", &S::average, "the mean of all weights on the way instead of the last"}});
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

  void fit_present(const PresentRows& rows) override { borders_ = fit_sgd(name(), rows, option().fit()); }

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
