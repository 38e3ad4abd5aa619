// What trees share, whether there are many or one: options, growing, answering, state.
//
//   struct ExtraTreesOptions : ForestOptions { ... its own defaults ... };
//   class ExtraTrees final : public ForestLearner<ExtraTreesOptions> { using ForestLearner::ForestLearner; };

#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "learn/class_weight.h"
#include "learn/estimator.h"
#include "learn/tree.h"

namespace lumir::learn {

struct ForestOptions {
  int n_estimators = 100;
  std::string criterion = "gini";
  std::string splitter = "best";
  std::optional<int> max_depth;
  int min_samples_split = 2;
  int min_samples_leaf = 1;
  std::optional<int> max_leaf_nodes;
  double min_impurity_decrease = 0;
  double ccp_alpha = 0;
  std::variant<double, std::string> max_features = "sqrt";
  bool bootstrap = true;
  ClassWeight class_weight;
  std::optional<int> seed;
};

/// The options of single trees.
template <class S>
Schema tree_schema(Choices weight_words) {
  return {
      Option{"criterion", &S::criterion, "how mixed the classes of a node are", Choices{"gini", "entropy", "log_loss"}},
      Option{"max_depth", &S::max_depth, "cuts from the root to a leaf; 'none' for no limit", Range{1}},
      Option{"min_samples_split", &S::min_samples_split, "rows that a node needs to be cut", Range{2}},
      Option{"min_samples_leaf", &S::min_samples_leaf, "rows that each side of a cut needs", Range{1}},
      Option{"max_leaf_nodes", &S::max_leaf_nodes, "leaves, by the cuts that win most; 'none' for no limit", Range{2}},
      Option{"min_impurity_decrease", &S::min_impurity_decrease,
             "by how much a cut must lower the impurity, weighed by the share of rows that it cuts", kNonNegative},
      Option{"ccp_alpha", &S::ccp_alpha,
             "what each leaf must win in impurity, or its cut is undone (cost-complexity pruning)", kNonNegative},
      Option{"max_features", &S::max_features, "columns that a node looks at: a number, a share below 1, or a rule",
             Choices{"sqrt", "log2", "none"}, kPositive},
      class_weight_option(&S::class_weight, std::move(weight_words)),
      Option{"seed", &S::seed, "of what is random; 'none' takes that of lumir.seed"}};
}

/// Those of many.
template <class S>
Schema forest_schema() {
  Schema schema = {Option{"n_estimators", &S::n_estimators, "trees", Range{1, 1e6}}};
  for (auto& option : tree_schema<S>({"none", "balanced", "balanced_subsample"})) schema.push_back(std::move(option));
  return extend(std::move(schema), Option{"bootstrap", &S::bootstrap, "draw each tree's rows with replacement"});
}

class Forest : public Classifier {
 public:
  bool fitted() const override { return !trees_.empty(); }
  void fit_rows(const Training& training) override;
  Matrix score_rows(const Matrix& x) const override;
  /// Settings that differ in n_estimators, max_depth and min_samples_split only share one forest.
  std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training, const Matrix& test,
                                  const std::function<void()>& done) const override;
  /// All trees one after the other: "nodes" counts those of each tree; "left" is the place of the left child
  /// in its tree, for a leaf the line of "values"; "column" is -1 for a leaf.
  State state() const override;
  void load_state(const State& state) override;

 protected:
  using Classifier::Classifier;
  virtual const ForestOptions& forest() const = 0;
  /// Of a whole map of options.
  virtual ForestOptions forest_of(const Map& options) const = 0;

 private:
  /// The mean over trees that have a split, scaled to a sum of 1.
  std::vector<double> mean_importances() const;

  std::vector<Tree> trees_;
  std::vector<double> importances_;
  size_t columns_ = 0;
};

/// A forest whose options, S, are ForestOptions with defaults of their own.
template <class S>
class ForestLearner : public Described<Forest, S> {
 public:
  using Described<Forest, S>::Described;

 protected:
  const ForestOptions& forest() const override { return this->option(); }
  ForestOptions forest_of(const Map& options) const override { return read_options<S>(options, this->name()); }
};

}  // namespace lumir::learn
