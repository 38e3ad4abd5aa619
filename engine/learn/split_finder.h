// Where a tree cuts a node: the column and the threshold that leave both sides purest, or one at random.

#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "core/random.h"
#include "learn/bucket_cuts.h"
#include "learn/rank_order.h"
#include "learn/tree.h"

namespace lumir::learn {

/// Where to cut a node.
struct Split {
  int column = -1;
  uint32_t last_left = 0;  // the largest rank that goes left; of a random cut the threshold tells
  double threshold = 0;
  double purity = -std::numeric_limits<double>::infinity();  // of both sides, see SplitFinder::purity
};

/// Looks at one node after the other.
class SplitFinder {
 public:
  SplitFinder(const RankedColumns& x, const TreeTargets& targets, const TreeLimits& limits, uint64_t seed);

  /// Sums up the targets of a node; what follows is about it.
  void look_at(std::span<const TreeSample> samples);
  /// Of each class its weight; of each number its weighted sum.
  std::span<const double> totals() const { return totals_; }
  double weight() const { return weight_; }
  /// How pure the node is, times its weight: the less mixed, the larger. Gini's is the sum of squared totals over the
  /// weight; entropy's is its negative, from weights times their logarithms.
  double purity() const { return purity_; }
  /// Gini's purity of a node whose rows are all alike: the weighted sum of squares, of classes the weight.
  double power() const { return power_; }
  /// Whether the rows, those last looked at, are all of one class or have the same numbers.
  bool is_pure(std::span<const TreeSample> samples) const;

  /// The best split of the samples last looked at; no column where there is none. `key` tells what it draws.
  Split find(std::span<const TreeSample> samples, uint64_t key);

 private:
  /// One more column of a node, cut as the limits say.
  bool try_any(int column, std::span<const TreeSample> samples, Random& random, Split& best);
  /// Walks the column's values upwards, moving samples from the right side to the left. False for a constant column.
  template <class Parts>
  bool try_column(const Parts& parts, int column, std::span<const TreeSample> samples, Split& best);
  /// The same as try_column for many samples of classes by Gini's measure.
  bool try_buckets(int column, std::span<const TreeSample> samples, Split& best);
  /// The same as try_column for entropy, whose terms cannot be multiplied out.
  bool try_column_by_entropy(int column, std::span<const TreeSample> samples, Split& best);
  /// Cuts the column at a random place between its smallest and its largest value. False for a constant column.
  template <class Parts>
  bool try_random_cut(const Parts& parts, int column, std::span<const TreeSample> samples, Random& random, Split& best);
  /// Sums up those that a random cut sends left: how many they are, and their weight.
  template <class Parts>
  std::pair<int, double> sum_left(const Parts& parts, std::span<const TreeSample> samples, double cut);
  /// Calls move(sample, rank, last of its rank) in ascending order of the column.
  template <class Move>
  void walk(int column, std::span<const TreeSample> samples, const Move& move);
  /// A threshold between two ranks.
  double middle(int column, uint32_t last_left, uint32_t first_right) const;

  const RankedColumns& x_;
  TreeTargets targets_;
  TreeLimits limits_;
  uint64_t seed_;
  RankOrder order_;
  BucketCuts buckets_;
  std::vector<double> totals_;  // of the node at hand, and the sum of their squares
  double weight_ = 0, squares_ = 0;
  double purity_ = 0, power_ = 0;
  std::vector<double> left_, right_;  // totals of both sides while a column is walked
  std::vector<double> numbers_;       // of the samples in the column at hand
  std::vector<double> beside_;
  std::vector<int> columns_;
  std::vector<size_t> drawn_;
};

}  // namespace lumir::learn
