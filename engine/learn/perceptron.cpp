// Perceptron: borders that move only where a row is on the wrong side.

#include "learn/sgd_fit.h"

namespace lumir::learn {
namespace {

struct PerceptronOptions : SgdOptions {
  PerceptronOptions() {
    loss = "perceptron";
    penalty = "none";
    learning_rate = "constant";
    eta0 = 1;
    seed = 0;
  }
  static Schema schema() {
    using S = PerceptronOptions;
    return sgd_schema<S>(
        {Option{"penalty", &S::penalty, "what keeps weights small", Choices{"none", "l2", "l1", "elasticnet"}},
         Option{"eta0", &S::eta0, "length of steps", kPositive}});
  }
};

class Perceptron final : public Described<LinearClassifier, PerceptronOptions> {
 public:
  using Described::Described;

 protected:
  const ClassWeight* weights_of_classes() const override { return &option().class_weight; }

  void fit_present(const PresentRows& rows) override { borders_ = fit_sgd(name(), rows, option().fit()); }
};

LUMIR_ESTIMATOR(Perceptron, {
                                .summary = "Straight borders that move where a row is on the wrong side.",
                                .returns = "a classifier; scores are distances; 'coef' and 'intercept' are its borders",
                                .example = "learn.Perceptron()",
                                .source = "Rosenblatt, The Perceptron (1958); agrees with scikit-learn's Perceptron",
                            });

}  // namespace
}  // namespace lumir::learn
