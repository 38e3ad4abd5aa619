// Forests: options, growing, answering, and the arrays that a model file keeps.

#include "learn/forest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "core/parallel.h"
#include "core/random.h"

namespace lumir::learn {
namespace {

TreeLimits limits_of(const std::string& who, const ForestOptions& options, size_t columns) {
  TreeLimits limits;
  if (options.max_depth) limits.max_depth = *options.max_depth;
  limits.min_samples_split = options.min_samples_split;
  limits.min_samples_leaf = options.min_samples_leaf;
  limits.min_impurity_decrease = options.min_impurity_decrease;
  limits.max_leaf_nodes = options.max_leaf_nodes.value_or(0);
  limits.ccp_alpha = options.ccp_alpha;
  limits.entropy = options.criterion != "gini";
  limits.random_cuts = options.splitter == "random";
  const double n = static_cast<double>(columns);
  double looked_at = n;
  if (const double* given = std::get_if<double>(&options.max_features)) {
    check_count_or_share(who, "max_features", *given);
    looked_at = *given < 1 ? *given * n : std::min(*given, n);
  } else if (std::get<std::string>(options.max_features) == "sqrt") {
    looked_at = std::sqrt(n);
  } else if (std::get<std::string>(options.max_features) == "log2") {
    looked_at = std::log2(n);
  }
  limits.max_features = std::max(1, static_cast<int>(looked_at));
  return limits;
}

/// Whether a tree that was grown deep is, read down to a depth, the tree that growing to that depth gives.
bool can_be_read_short(const TreeLimits& limits) { return limits.max_leaf_nodes == 0 && limits.ccp_alpha == 0; }

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

/// The rows of one tree. As in scikit-learn 1.9, weights of classes and rows say how often a row is drawn, or how
/// much it counts where nothing is drawn; 'balanced_subsample' weighs what was drawn.
std::vector<TreeSample> draw_samples(const std::string& who, const Training& training, const ForestOptions& options,
                                     uint64_t seed, uint64_t tree) {
  std::vector<int> times(training.x.rows, 1);
  auto by_class = class_weights(who, options.class_weight, training, rows_of_classes(training, times));
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

std::vector<Tree> grow_forest(const std::string& who, const Training& training, const ForestOptions& options,
                              const TreeLimits& limits) {
  const RankedColumns ranked(training.x);
  const uint64_t seed = seed_or_global(options.seed);
  std::vector<Tree> trees(static_cast<size_t>(options.n_estimators));
  parallel_for(trees.size(), [&](size_t t) {
    trees[t] = grow_tree(ranked, training.n_classes, draw_samples(who, training, options, seed, t), limits, seed, t);
  });
  return trees;
}

/// Adds a tree's answer for a row.
void add_shares(const Tree& tree, const TreeNode& node, std::span<double> sums) {
  const double* shares = tree.values.data() + static_cast<size_t>(node.values) * sums.size();
  for (size_t c = 0; c < sums.size(); ++c) sums[c] += shares[c];
}

/// A node as a row passes it. A leaf leads to itself.
struct Pass {
  double threshold;  // above: to `next` + 1
  int column;
  int next;
};

std::vector<Pass> passes_of(const Tree& tree) {
  std::vector<Pass> passes;
  passes.reserve(tree.nodes.size());
  for (const TreeNode& node : tree.nodes) {
    const int self = static_cast<int>(passes.size());
    if (node.is_leaf()) {
      passes.push_back({std::numeric_limits<double>::infinity(), 0, self});
    } else {
      passes.push_back({node.threshold, node.column, node.left});
    }
  }
  return passes;
}

/// The leaves that answer for rows from `begin` on. Several rows go down side by side: while one waits for memory, the
/// others move.
void find_leaves(std::span<const Pass> passes, const Matrix& x, size_t begin, std::span<int> leaves) {
  constexpr size_t kBeside = 16;
  for (size_t first = 0; first < leaves.size(); first += kBeside) {
    const auto some = leaves.subspan(first, std::min(kBeside, leaves.size() - first));
    const double* row = x.row(begin + first).data();
    std::fill(some.begin(), some.end(), 0);
    for (bool moved = true; moved;) {
      moved = false;
      for (size_t r = 0; r < some.size(); ++r) {
        const Pass& pass = passes[static_cast<size_t>(some[r])];
        const int next = pass.next + (row[r * x.columns + static_cast<size_t>(pass.column)] > pass.threshold);
        moved |= next != some[r];
        some[r] = next;
      }
    }
  }
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

}  // namespace

void Forest::fit_rows(const Training& training) {
  check_classes(name(), training);
  const ForestOptions& options = forest();
  trees_ = grow_forest(name(), training, options, limits_of(name(), options, training.x.columns));
  n_classes_ = training.n_classes;
  columns_ = training.x.columns;
  importances_ = mean_importances();
}

Matrix Forest::score_rows(const Matrix& x) const {
  check_columns(name(), x, columns_);
  Matrix out(x.rows, static_cast<size_t>(n_classes_));
  std::vector<std::vector<Pass>> passes(trees_.size());
  parallel_for(trees_.size(), [&](size_t t) { passes[t] = passes_of(trees_[t]); });
  constexpr size_t kBlock = 128;  // rows that stay in the second cache while every tree sees them
  parallel_for((x.rows + kBlock - 1) / kBlock, [&](size_t block) {
    const size_t begin = block * kBlock, end = std::min(begin + kBlock, x.rows);
    std::vector<int> leaves(end - begin);
    for (size_t t = 0; t < trees_.size(); ++t) {
      find_leaves(passes[t], x, begin, leaves);
      for (size_t i = begin; i < end; ++i) {
        add_shares(trees_[t], trees_[t].nodes[static_cast<size_t>(leaves[i - begin])], out.row(i));
      }
    }
    for (size_t i = begin; i < end; ++i) {
      for (double& share : out.row(i)) share /= static_cast<double>(trees_.size());
    }
  });
  return out;
}

std::vector<Trial> Forest::try_settings(const std::vector<Map>& settings, const Training& training, const Matrix& test,
                                        const std::function<void()>& done) const {
  check_classes(name(), training);
  check_columns(name(), test, training.x.columns);
  std::vector<Trial> trials(settings.size());
  struct Shared {
    ForestOptions options;
    TreeLimits limits;
    Readings readings;
    size_t settings = 0;
  };
  std::map<std::string, Shared> forests;
  for (size_t s = 0; s < settings.size(); ++s) {
    try {
      Map grown = settings[s];
      grown.insert(options().begin(), options().end());
      const ForestOptions read = forest_of(grown);
      check_class_weight(name(), read.class_weight, training);
      const TreeLimits limits = limits_of(name(), read, training.x.columns);
      grown.erase("n_estimators");
      if (can_be_read_short(limits)) {
        for (const char* truncated : {"max_depth", "min_samples_split"}) grown.erase(truncated);
      }
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
    const auto trees = grow_forest(name(), training, shared.options, shared.limits);
    read_forest(trees, test, training.n_classes, shared.readings, trials);
    for (size_t s = 0; s < shared.settings; ++s) done();
  }
  return trials;
}

State Forest::state() const {
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

void Forest::load_state(const State& state) {
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

std::vector<double> Forest::mean_importances() const {
  std::vector<double> mean(columns_);
  for (const Tree& tree : trees_) {
    for (size_t j = 0; j < columns_; ++j) mean[j] += tree.importances[j];
  }
  double total = 0;
  for (const double importance : mean) total += importance;
  for (double& importance : mean) importance /= total > 0 ? total : 1;
  return mean;
}

}  // namespace lumir::learn
