// RandomForest: many trees, each grown on rows drawn with replacement and on few columns
// at a time, vote together.

#include "learn/forest.h"

namespace lumir::learn {
namespace {

struct RandomForestOptions : ForestOptions {
  static Schema schema() { return forest_schema<RandomForestOptions>(); }
};

class RandomForest final : public ForestLearner<Forest, RandomForestOptions> {
 public:
  using ForestLearner::ForestLearner;
};

LUMIR_ESTIMATOR(RandomForest,
                {
                    .summary = "Many trees, each grown on other rows and columns, vote together.",
                    .returns = "a classifier; scores are mean shares of the classes",
                    .example = "learn.RandomForest { n_estimators = 300, max_depth = 20 }",
                    .source = "Breiman, Random Forests (2001); agrees with scikit-learn's RandomForestClassifier",
                });

}  // namespace
}  // namespace lumir::learn
