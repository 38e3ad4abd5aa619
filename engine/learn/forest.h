// What forests share, whether of many trees or one, of classes or numbers: options, growing, settings that share trees.
//
//   struct ExtraTreesOptions : ForestOptions { ... its own defaults ... };
//   class ExtraTrees final : public ForestLearner<Forest, ExtraTreesOptions> { using ForestLearner::ForestLearner; };

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "learn/class_weight.h"
#include "learn/estimator.h"
#include "learn/grove.h"
#include "learn/prepares_rows.h"
#include "learn/shares_work.h"

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

template <class S>
Option seed_option() {
  return Option{"seed", &S::seed, "of what is random; 'none' takes that of lumir.seed"};
}

/// How a tree grows.
template <class S>
Schema growth_schema() {
  return {
      Option{"max_depth", &S::max_depth, "cuts from the root to a leaf; 'none' for no limit", Range{1}},
      Option{"min_samples_split", &S::min_samples_split, "rows that a node needs to be cut", Range{2}},
      Option{"min_samples_leaf", &S::min_samples_leaf, "rows that each side of a cut needs", Range{1}},
      Option{"max_leaf_nodes", &S::max_leaf_nodes, "leaves, by the cuts that win most; 'none' for no limit", Range{2}},
      Option{"min_impurity_decrease", &S::min_impurity_decrease,
             "by how much a cut must lower the impurity, weighed by the share of rows that it cuts", kNonNegative},
      Option{"ccp_alpha", &S::ccp_alpha,
             "what each leaf must win in impurity, or its cut is undone (cost-complexity pruning)", kNonNegative},
      Option{"max_features", &S::max_features, "columns that a node looks at: a number, a share below 1, or a rule",
             Choices{"sqrt", "log2", "none"}, kPositive}};
}

/// The options of single trees of classes.
template <class S>
Schema tree_schema(Choices weight_words) {
  Schema schema = {Option{"criterion", &S::criterion, "how mixed the classes of a node are",
                          Choices{"gini", "entropy", "log_loss"}}};
  for (auto& option : growth_schema<S>()) schema.push_back(std::move(option));
  return extend(std::move(schema), class_weight_option(&S::class_weight, std::move(weight_words)), seed_option<S>());
}

template <class S>
Option trees_option() {
  return Option{"n_estimators", &S::n_estimators, "trees", Range{1, 1e6}};
}
template <class S>
Option bootstrap_option() {
  return Option{"bootstrap", &S::bootstrap, "draw each tree's rows with replacement"};
}

/// Those of many.
template <class S>
Schema forest_schema() {
  Schema schema = {trees_option<S>()};
  for (auto& option : tree_schema<S>({"none", "balanced", "balanced_subsample"})) schema.push_back(std::move(option));
  return extend(std::move(schema), bootstrap_option<S>());
}

/// Those of many trees that foretell numbers: cuts are those of least squares.
template <class S>
Schema number_forest_schema() {
  Schema schema = {trees_option<S>()};
  for (auto& option : growth_schema<S>()) schema.push_back(std::move(option));
  return extend(std::move(schema), seed_option<S>(), bootstrap_option<S>());
}

/// What such trees make of the rows they grow on.
std::unique_ptr<const model::Prepared> prepare_rows(const std::string& who, const ForestOptions& options,
                                                    const Matrix& x);

/// Trees as options say, for the rows of a training set. Throws ArgumentError, begun by `who`, for options that mean
/// nothing.
Grove grow_forest(const std::string& who, const ForestOptions& options, const Training& training);

/// Each of some settings (whole maps of options, which `read` reads) tried: those that differ in n_estimators,
/// max_depth and min_samples_split only share one forest.
std::vector<Trial> try_forests(const std::string& who, const std::vector<Map>& settings,
                               const std::function<ForestOptions(const Map& options)>& read, const Training& training,
                               const Matrix& test, const std::function<void()>& done);

/// What a forest is, of classes or of numbers. `Kind` is a Classifier or a Regressor.
template <class Kind>
class ForestOf : public Kind, public SharesWork, public PreparesRows {
 public:
  bool fitted() const override { return grove_.grown(); }
  State state() const override { return grove_.state(); }
  std::unique_ptr<const model::Prepared> prepare(const Matrix& x) const override {
    return prepare_rows(this->name(), forest(), x);
  }

 protected:
  using Kind::Kind;
  virtual const ForestOptions& forest() const = 0;
  /// Of a whole map of options.
  virtual ForestOptions forest_of(const Map& options) const = 0;
  virtual void check(const Training& training) const = 0;

  void fit_rows(const Training& training) override {
    check(training);
    grove_ = grow_forest(this->name(), forest(), training);
    this->n_classes_ = static_cast<int>(grove_.width());
  }
  void check_fit() const override { grove_.check_finite(this->name()); }
  void load_state(const State& state) override {
    grove_ = Grove(this->name(), state, this->is(Role::classifier) ? 2 : 1);
    this->n_classes_ = static_cast<int>(grove_.width());
  }
  Matrix means(const Matrix& x) const {
    check_columns(this->name(), x, grove_.columns());
    return grove_.answer(x);
  }
  std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training, const Matrix& test,
                                  const std::function<void()>& done) const override {
    check(training);
    check_columns(this->name(), test, training.x.columns);
    std::vector<Map> whole = settings;
    for (Map& setting : whole) setting.insert(this->options().begin(), this->options().end());
    const auto read = [this](const Map& options) { return forest_of(options); };
    return try_forests(this->name(), whole, read, training, test, done);
  }

 private:
  Grove grove_;
};

/// Trees that vote.
class Forest : public ForestOf<Classifier> {
 protected:
  using ForestOf::ForestOf;
  void check(const Training& training) const override { check_classes(name(), training); }
  Matrix score_rows(const Matrix& x) const override { return means(x); }
};

/// Trees whose means count.
class NumberForest : public ForestOf<Regressor> {
 protected:
  using ForestOf::ForestOf;
  void check(const Training& training) const override { check_numbers(name(), training); }
  Matrix number_rows(const Matrix& x) const override { return means(x); }
};

/// A forest whose options, S, are ForestOptions with defaults of their own.
template <class Kind, class S>
class ForestLearner : public Described<Kind, S> {
 public:
  using Described<Kind, S>::Described;

 protected:
  const ForestOptions& forest() const override { return this->option(); }
  ForestOptions forest_of(const Map& options) const override { return read_options<S>(options, this->name()); }
};

}  // namespace lumir::learn
