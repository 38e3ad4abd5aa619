// DecisionTree: questions about one column at a time, until the rows of a leaf are of one class.

#include "learn/forest.h"

namespace lumir::learn {
namespace {

struct DecisionTreeOptions : ForestOptions {
  DecisionTreeOptions() {
    n_estimators = 1;
    max_features = "none";
    bootstrap = false;
  }
  static Schema schema() {
    return extend(
        tree_schema<DecisionTreeOptions>({"none", "balanced"}),
        Option{"splitter", &DecisionTreeOptions::splitter,
               "cut a column where it tells the classes apart best, or at random", Choices{"best", "random"}});
  }
};

class DecisionTree final : public ForestLearner<Forest, DecisionTreeOptions> {
 public:
  using ForestLearner::ForestLearner;
};

LUMIR_ESTIMATOR(DecisionTree,
                {
                    .summary = "Asks about one column at a time until the rows of a leaf are of one class.",
                    .returns = "a classifier; scores are the shares of the classes in a leaf",
                    .example = "learn.DecisionTree { max_depth = 4 }",
                    .source = "Breiman et al., CART (1984); agrees with scikit-learn's DecisionTreeClassifier",
                });

}  // namespace
}  // namespace lumir::learn
