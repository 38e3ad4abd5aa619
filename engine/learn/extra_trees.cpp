// ExtraTrees: many trees, each grown on all rows and cut at random places, vote together.

#include "learn/forest.h"

namespace lumir::learn {
namespace {

struct ExtraTreesOptions : ForestOptions {
  ExtraTreesOptions() {
    splitter = "random";
    bootstrap = false;
  }
  static Schema schema() { return forest_schema<ExtraTreesOptions>(); }
};

class ExtraTrees final : public ForestLearner<Forest, ExtraTreesOptions> {
 public:
  using ForestLearner::ForestLearner;
};

LUMIR_ESTIMATOR(
    ExtraTrees,
    {
        .summary = "Many trees, each cut at random places of the columns it looks at, vote together.",
        .returns = "a classifier; scores are mean shares of the classes",
        .example = "learn.ExtraTrees { n_estimators = 300 }",
        .source = "Geurts et al., Extremely randomized trees (2006); as scikit-learn's ExtraTreesClassifier",
    });

}  // namespace
}  // namespace lumir::learn
