// RandomForestRegressor: numbers as the mean of what many trees say, each grown on rows drawn with replacement.

#include "learn/forest.h"

namespace lumir::learn {
namespace {

struct RandomForestRegressorOptions : ForestOptions {
  RandomForestRegressorOptions() { max_features = "none"; }
  static Schema schema() { return number_forest_schema<RandomForestRegressorOptions>(); }
};

class RandomForestRegressor final : public ForestLearner<NumberForest, RandomForestRegressorOptions> {
 public:
  using ForestLearner::ForestLearner;
};

LUMIR_ESTIMATOR(RandomForestRegressor,
                {
                    .summary = "Numbers as the mean of many trees, each grown on other rows.",
                    .returns = "a regressor",
                    .example = "learn.RandomForestRegressor { n_estimators = 300, min_samples_leaf = 3 }",
                    .source = "Breiman, Random Forests (2001); agrees with scikit-learn's RandomForestRegressor",
                });

}  // namespace
}  // namespace lumir::learn
