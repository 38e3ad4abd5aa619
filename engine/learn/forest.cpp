// Growing forests, and settings that share one.

#include "learn/forest.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "core/parallel.h"
#include "core/random.h"

namespace lumir::learn {
namespace {

/// How many columns a node looks at.
int columns_looked_at(const std::string& who, const ForestOptions& options, size_t columns) {
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
  return std::max(1, static_cast<int>(looked_at));
}

RowUse use_of(const ForestOptions& options, int looked_at, size_t columns) {
  return {options.splitter == "random", 4 * static_cast<size_t>(looked_at) >= columns};
}

TreeLimits limits_of(const std::string& who, const ForestOptions& options, size_t columns) {
  TreeLimits limits;
  if (options.max_depth) limits.max_depth = *options.max_depth;
  limits.min_samples_split = options.min_samples_split;
  limits.min_samples_leaf = options.min_samples_leaf;
  limits.min_impurity_decrease = options.min_impurity_decrease;
  limits.max_leaf_nodes = options.max_leaf_nodes.value_or(0);
  limits.ccp_alpha = options.ccp_alpha;
  limits.entropy = options.criterion == "entropy" || options.criterion == "log_loss";
  limits.random_cuts = options.splitter == "random";
  limits.max_features = columns_looked_at(who, options, columns);
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
  const bool classes = !training.values;
  const auto label = [&](size_t row) { return classes ? training.y[row] : 0; };
  std::vector<double> weights;
  for (size_t i = 0; i < times.size(); ++i) weights.push_back(training.weight(i));
  if (classes) {
    const auto by_class = class_weights(who, options.class_weight, training, rows_of_classes(training, times));
    for (size_t i = 0; i < times.size(); ++i) weights[i] *= by_class[static_cast<size_t>(label(i))];
  }
  if (options.bootstrap) {
    times = draw_rows(weights, seed, tree);
    std::fill(weights.begin(), weights.end(), 1);
  }
  if (options.class_weight.word == "balanced_subsample") {
    const auto by_class = balanced_weights(rows_of_classes(training, times));
    for (size_t i = 0; i < times.size(); ++i) weights[i] *= by_class[static_cast<size_t>(label(i))];
  }
  std::vector<TreeSample> samples;
  for (size_t i = 0; i < times.size(); ++i) {
    const double weight = times[i] * weights[i];
    if (weight > 0) samples.push_back({static_cast<int>(i), label(i), weight});
  }
  return samples;
}

/// Numbers around their means, so that large ones lose no digits; and these means.
struct Centred {
  Matrix numbers;
  std::vector<double> means;

  explicit Centred(const Matrix& values) : numbers(values), means(values.columns) {
    for (size_t k = 0; k < means.size(); ++k) {
      for (size_t i = 0; i < values.rows; ++i) means[k] += values(i, k) / static_cast<double>(values.rows);
      for (size_t i = 0; i < values.rows; ++i) numbers(i, k) -= means[k];
    }
  }
  void put_back(Tree& tree) const {
    for (size_t i = 0; i < tree.values.size(); ++i) tree.values[i] += means[i % means.size()];
  }
};

Grove grow(const std::string& who, const Training& training, const ForestOptions& options, const TreeLimits& limits) {
  const auto* shared = dynamic_cast<const RankedColumns*>(training.prepared);
  std::optional<RankedColumns> own;
  const RowUse use = use_of(options, limits.max_features, training.x.columns);
  const RankedColumns& columns = shared && shared->is_of(training.x, use) ? *shared : own.emplace(training.x, use);
  std::optional<Centred> centred;
  if (training.values) centred.emplace(*training.values);
  const TreeTargets targets = centred ? TreeTargets(centred->numbers) : TreeTargets(training.n_classes);
  const uint64_t seed = seed_or_global(options.seed);
  std::vector<Tree> trees(static_cast<size_t>(options.n_estimators));
  parallel_for(trees.size(), [&](size_t t) {
    trees[t] = grow_tree(columns, targets, draw_samples(who, training, options, seed, t), limits, seed, t);
    if (centred) centred->put_back(trees[t]);
  });
  return {std::move(trees), targets.width, training.x.columns};
}

/// Settings of one forest: where each stops reading its trees, and how many of them it has.
struct Reading {
  size_t setting;
  int n_estimators;
};
using Readings = std::map<std::pair<int, int>, std::vector<Reading>>;  // by max_depth and min_samples_split

/// What a forest grown for the least limits predicts under each of its settings.
void read_forest(const Grove& grove, bool votes, const Matrix& test, Readings readings, std::vector<Trial>& trials) {
  for (auto& [limit, members] : readings) {
    std::stable_sort(members.begin(), members.end(),
                     [](const Reading& a, const Reading& b) { return a.n_estimators < b.n_estimators; });
    for (const auto& member : members) {
      Predictions& answers = trials[member.setting].answers;
      if (votes) answers.predicted.resize(test.rows);
      answers.scores = Matrix(test.rows, grove.width());
      if (!votes) answers.kind = ScoreKind::decisions;
    }
  }
  parallel_for(test.rows, [&](size_t i) {
    std::vector<double> sums(grove.width());
    for (const auto& [limit, members] : readings) {
      TreeLimits limits;
      limits.max_depth = limit.first;
      limits.min_samples_split = limit.second;
      std::fill(sums.begin(), sums.end(), 0);
      int read = 0;
      for (const auto& member : members) {
        for (; read < member.n_estimators; ++read) {
          const Tree& tree = grove.trees()[static_cast<size_t>(read)];
          add_values(tree, tree.leaf_under(limits, test.row(i)), sums);
        }
        Predictions& answers = trials[member.setting].answers;
        if (votes) answers.predicted[i] = first_largest(sums);
        const auto means = answers.scores.row(i);
        for (size_t c = 0; c < means.size(); ++c) means[c] = sums[c] / member.n_estimators;
      }
    }
  });
}

}  // namespace

std::unique_ptr<const model::Prepared> prepare_rows(const std::string& who, const ForestOptions& options,
                                                    const Matrix& x) {
  return std::make_unique<RankedColumns>(x, use_of(options, columns_looked_at(who, options, x.columns), x.columns));
}

Grove grow_forest(const std::string& who, const ForestOptions& options, const Training& training) {
  return grow(who, training, options, limits_of(who, options, training.x.columns));
}

std::vector<Trial> try_forests(const std::string& who, const std::vector<Map>& settings,
                               const std::function<ForestOptions(const Map& options)>& read, const Training& training,
                               const Matrix& test, const std::function<void()>& done) {
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
      const ForestOptions options = read(grown);
      check_class_weight(who, options.class_weight, training);
      const TreeLimits limits = limits_of(who, options, training.x.columns);
      grown.erase("n_estimators");
      if (can_be_read_short(limits)) {
        for (const char* truncated : {"max_depth", "min_samples_split"}) grown.erase(truncated);
      }
      const auto [at, fresh] = forests.try_emplace(to_json(grown), Shared{options, limits, {}});
      Shared& shared = at->second;
      shared.options.n_estimators = std::max(shared.options.n_estimators, options.n_estimators);
      shared.limits.max_depth = std::max(shared.limits.max_depth, limits.max_depth);
      shared.limits.min_samples_split = std::min(shared.limits.min_samples_split, limits.min_samples_split);
      shared.readings[{limits.max_depth, limits.min_samples_split}].push_back({s, options.n_estimators});
      ++shared.settings;
    } catch (const ArgumentError& problem) {
      trials[s].reason = problem.what();
      done();
    }
  }
  for (auto& [key, shared] : forests) {
    const Grove grove = grow(who, training, shared.options, shared.limits);
    read_forest(grove, !training.values, test, shared.readings, trials);
    for (size_t s = 0; s < shared.settings; ++s) done();
  }
  return trials;
}

}  // namespace lumir::learn
