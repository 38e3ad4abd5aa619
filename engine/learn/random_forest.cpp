// RandomForest: many trees, each grown on rows drawn with replacement and on few columns at a time, vote together.

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "core/parallel.h"
#include "core/random.h"
#include "learn/class_weight.h"
#include "learn/estimator.h"
#include "learn/tree.h"

namespace lumir::learn {
namespace {

struct RandomForestOptions {
  int n_estimators = 100;
  std::optional<int> max_depth;
  int min_samples_split = 2;
  int min_samples_leaf = 1;
  std::variant<double, std::string> max_features = "sqrt";
  bool bootstrap = true;
  ClassWeight class_weight;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"n_estimators", &RandomForestOptions::n_estimators, "trees", Range{1, 1e6}},
            Option{"max_depth", &RandomForestOptions::max_depth, "cuts from the root to a leaf; 'none' for no limit",
                   Range{1}},
            Option{"min_samples_split", &RandomForestOptions::min_samples_split, "rows that a node needs to be cut",
                   Range{2}},
            Option{"min_samples_leaf", &RandomForestOptions::min_samples_leaf, "rows that each side of a cut needs",
                   Range{1}},
            Option{"max_features", &RandomForestOptions::max_features,
                   "columns that a node looks at: a number, a share below 1, or a rule",
                   Choices{"sqrt", "log2", "none"}, kPositive},
            Option{"bootstrap", &RandomForestOptions::bootstrap, "draw each tree's rows with replacement"},
            class_weight_option(&RandomForestOptions::class_weight, {"none", "balanced", "balanced_subsample"}),
            Option{"seed", &RandomForestOptions::seed, "of what is random; 'none' takes that of lumir.seed"}};
  }
};

TreeLimits limits_of(const RandomForestOptions& options, size_t columns) {
  TreeLimits limits;
  if (options.max_depth) limits.max_depth = *options.max_depth;
  limits.min_samples_split = options.min_samples_split;
  limits.min_samples_leaf = options.min_samples_leaf;
  const double n = static_cast<double>(columns);
  double looked_at = n;
  if (const double* given = std::get_if<double>(&options.max_features)) {
    check_count_or_share("RandomForest", "max_features", *given);
    looked_at = *given < 1 ? *given * n : std::min(*given, n);
  } else if (std::get<std::string>(options.max_features) == "sqrt") {
    looked_at = std::sqrt(n);
  } else if (std::get<std::string>(options.max_features) == "log2") {
    looked_at = std::log2(n);
  }
  limits.max_features = std::max(1, static_cast<int>(looked_at));
  return limits;
}

/// Rows of each class, each counting `times`.
std::vector<double> rows_of_classes(const Training& training, const std::vector<int>& times) {
  std::vector<double> counts(static_cast<size_t>(training.n_classes));
  for (size_t i = 0; i < times.size(); ++i) counts[static_cast<size_t>(training.y[i])] += times[i];
  return counts;
}

/// How often each row is drawn for a tree, as likely as it weighs.
std::vector<int> draw_rows(const std::vector<double>& weights, uint64_t seed, uint64_t tree) {
  std::vector<double> reach;  // sums of weights up to each row
  double total = 0;
  for (const double weight : weights) reach.push_back(total += weight);
  std::vector<int> times(weights.size());
  Random random(seed, "rows of tree " + std::to_string(tree));
  for (size_t i = 0; i < weights.size(); ++i) {
    const auto row = std::upper_bound(reach.begin(), reach.end() - 1, random.uniform() * total) - reach.begin();
    ++times[static_cast<size_t>(row)];
  }
  return times;
}

/// The rows of one tree. As in scikit-learn 1.9, weights of classes and rows say how often a row is drawn, or how much
/// it counts where nothing is drawn; 'balanced_subsample' weighs what was drawn.
std::vector<TreeSample> draw_samples(const Training& training, const RandomForestOptions& options, uint64_t seed,
                                     uint64_t tree) {
  std::vector<int> times(training.x.rows, 1);
  auto by_class = class_weights("RandomForest", options.class_weight, training, rows_of_classes(training, times));
  std::vector<double> weights;
  for (size_t i = 0; i < times.size(); ++i) {
    weights.push_back(by_class[static_cast<size_t>(training.y[i])] * training.weight(i));
  }
  if (options.bootstrap) {
    times = draw_rows(weights, seed, tree);
    std::fill(weights.begin(), weights.end(), 1);
  }
  if (options.class_weight.word == "balanced_subsample") {
    by_class = balanced_weights(rows_of_classes(training, times));
    for (size_t i = 0; i < times.size(); ++i) weights[i] *= by_class[static_cast<size_t>(training.y[i])];
  }
  std::vector<TreeSample> samples;
  for (size_t i = 0; i < times.size(); ++i) {
    const double weight = times[i] * weights[i];
    if (weight > 0) samples.push_back({static_cast<int>(i), training.y[i], weight});
  }
  return samples;
}

std::vector<Tree> grow_forest(const Training& training, const RandomForestOptions& options, const TreeLimits& limits) {
  const RankedColumns ranked(training.x);
  const uint64_t seed = seed_or_global(options.seed);
  std::vector<Tree> trees(static_cast<size_t>(options.n_estimators));
  parallel_for(trees.size(), [&](size_t t) {
    trees[t] = grow_tree(ranked, training.n_classes, draw_samples(training, options, seed, t), limits, seed, t);
  });
  return trees;
}

/// Adds a tree's answer for a row.
void add_shares(const Tree& tree, const TreeNode& node, std::span<double> sums) {
  const double* shares = tree.values.data() + static_cast<size_t>(node.values) * sums.size();
  for (size_t c = 0; c < sums.size(); ++c) sums[c] += shares[c];
}

/// Settings of one forest: where each stops reading its trees, and how many of them it has.
struct Reading {
  size_t setting;
  int n_estimators;
};
using Readings = std::map<std::pair<int, int>, std::vector<Reading>>;  // by max_depth and min_samples_split

/// What a forest grown for the least limits predicts under each of its settings.
void read_forest(const std::vector<Tree>& trees, const Matrix& test, int n_classes, Readings readings,
                 std::vector<Trial>& trials) {
  for (auto& [limit, members] : readings) {
    std::stable_sort(members.begin(), members.end(),
                     [](const Reading& a, const Reading& b) { return a.n_estimators < b.n_estimators; });
    for (const auto& member : members) {
      trials[member.setting].answers.predicted.resize(test.rows);
      trials[member.setting].answers.scores = Matrix(test.rows, static_cast<size_t>(n_classes));
    }
  }
  parallel_for(test.rows, [&](size_t i) {
    std::vector<double> sums(static_cast<size_t>(n_classes));
    for (const auto& [limit, members] : readings) {
      TreeLimits limits;
      limits.max_depth = limit.first;
      limits.min_samples_split = limit.second;
      std::fill(sums.begin(), sums.end(), 0);
      int read = 0;
      for (const auto& member : members) {
        for (; read < member.n_estimators; ++read) {
          const Tree& tree = trees[static_cast<size_t>(read)];
          add_shares(tree, tree.leaf_under(limits, test.row(i)), sums);
        }
        Predictions& answers = trials[member.setting].answers;
        answers.predicted[i] = first_largest(sums);
        const auto shares = answers.scores.row(i);
        for (size_t c = 0; c < shares.size(); ++c) shares[c] = sums[c] / member.n_estimators;
      }
    }
  });
}

class RandomForest final : public Described<Classifier, RandomForestOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    check_classes(name(), training);
    trees_ = grow_forest(training, option(), limits_of(option(), training.x.columns));
    n_classes_ = training.n_classes;
    columns_ = training.x.columns;
    importances_ = mean_importances();
  }

  bool fitted() const override { return !trees_.empty(); }

  Matrix score_rows(const Matrix& x) const override {
    check_columns(name(), x, columns_);
    Matrix out(x.rows, static_cast<size_t>(n_classes_));
    parallel_for(x.rows, [&](size_t i) {
      for (const Tree& tree : trees_) add_shares(tree, tree.leaf(x.row(i)), out.row(i));
      for (double& share : out.row(i)) share /= static_cast<double>(trees_.size());
    });
    return out;
  }

  /// Settings that differ in n_estimators, max_depth and min_samples_split only share one forest.
  std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training, const Matrix& test,
                                  const std::function<void()>& done) const override {
    check_classes(name(), training);
    check_columns(name(), test, training.x.columns);
    std::vector<Trial> trials(settings.size());
    struct Shared {
      RandomForestOptions options;
      TreeLimits limits;
      Readings readings;
      size_t settings = 0;
    };
    std::map<std::string, Shared> forests;
    for (size_t s = 0; s < settings.size(); ++s) {
      try {
        const auto read = option_with(settings[s]);
        check_class_weight(name(), read.class_weight, training);
        const TreeLimits limits = limits_of(read, training.x.columns);
        Map grown = write_options(read);
        for (const char* truncated : {"n_estimators", "max_depth", "min_samples_split"}) grown.erase(truncated);
        const auto [at, fresh] = forests.try_emplace(to_json(grown), Shared{read, limits, {}});
        Shared& shared = at->second;
        shared.options.n_estimators = std::max(shared.options.n_estimators, read.n_estimators);
        shared.limits.max_depth = std::max(shared.limits.max_depth, limits.max_depth);
        shared.limits.min_samples_split = std::min(shared.limits.min_samples_split, limits.min_samples_split);
        shared.readings[{limits.max_depth, limits.min_samples_split}].push_back({s, read.n_estimators});
        ++shared.settings;
      } catch (const ArgumentError& problem) {
        trials[s].reason = problem.what();
        done();
      }
    }
    for (auto& [key, shared] : forests) {
      const auto trees = grow_forest(training, shared.options, shared.limits);
      read_forest(trees, test, training.n_classes, shared.readings, trials);
      for (size_t s = 0; s < shared.settings; ++s) done();
    }
    return trials;
  }

  /// All trees one after the other: "nodes" counts those of each tree; "left" is the place of the left child
  /// in its tree, for a leaf the line of "values"; "column" is -1 for a leaf.
  State state() const override {
    std::vector<double> nodes, column, threshold, left, values;
    for (const Tree& tree : trees_) {
      nodes.push_back(static_cast<double>(tree.nodes.size()));
      for (const TreeNode& node : tree.nodes) {
        column.push_back(node.column);
        threshold.push_back(node.threshold);
        left.push_back(node.is_leaf() ? static_cast<double>(values.size()) / n_classes_ : node.left);
        if (!node.is_leaf()) continue;
        const auto shares = tree.values.begin() + static_cast<ptrdiff_t>(node.values) * n_classes_;
        values.insert(values.end(), shares, shares + n_classes_);
      }
    }
    const auto lines = n_classes_ > 0 ? static_cast<int64_t>(values.size()) / n_classes_ : 0;
    return {{"nodes", nodes},
            {"column", column},
            {"threshold", threshold},
            {"left", left},
            {"values", Array({lines, n_classes_}, values)},
            {"feature_importances", importances_}};
  }

  void load_state(const State& state) override {
    const auto get = [&](const char* array) { return state_numbers(name(), state, array); };
    const auto nodes = get("nodes"), column = get("column"), threshold = get("threshold"), left = get("left");
    const Matrix values = state_matrix(name(), state, "values");
    const auto importances = get("feature_importances");
    const auto whole_number = [&](double value, double low, double high) {
      return state_whole(name(), value, low, high);
    };
    if (column.size() != threshold.size() || column.size() != left.size() || values.columns < 2) refuse_state(name());
    std::vector<Tree> trees;
    size_t at = 0;
    // each leaf has a line of its own, so that a small file cannot stand for a large forest
    size_t lines = values.rows;
    for (const double size : nodes) {
      const int n = whole_number(size, 1, static_cast<double>(column.size() - at));
      Tree& tree = trees.emplace_back();
      for (int i = 0; i < n; ++i, ++at) {
        TreeNode& node = tree.nodes.emplace_back();
        node.threshold = threshold[at];
        node.column = whole_number(column[at], -1, static_cast<double>(importances.size()) - 1);
        if (node.is_leaf()) {
          if (lines-- == 0) refuse_state(name());
          const int line = whole_number(left[at], 0, static_cast<double>(values.rows) - 1);
          node.values = static_cast<int>(tree.values.size() / values.columns);
          const auto shares = values.row(static_cast<size_t>(line));
          tree.values.insert(tree.values.end(), shares.begin(), shares.end());
        } else {  // children come after their parent, so that no path is endless
          node.left = whole_number(left[at], i + 1, n - 2);
        }
      }
    }
    if (trees.empty() || at != column.size() || values.columns < 2) refuse_state(name());
    trees_ = std::move(trees);
    n_classes_ = static_cast<int>(values.columns);
    importances_ = importances;
    columns_ = importances.size();
  }

 private:
  /// The mean over trees that have a split, scaled to a sum of 1.
  std::vector<double> mean_importances() const {
    std::vector<double> mean(columns_);
    for (const Tree& tree : trees_) {
      for (size_t j = 0; j < columns_; ++j) mean[j] += tree.importances[j];
    }
    double total = 0;
    for (const double importance : mean) total += importance;
    for (double& importance : mean) importance /= total > 0 ? total : 1;
    return mean;
  }

  std::vector<Tree> trees_;
  std::vector<double> importances_;
  size_t columns_ = 0;
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
