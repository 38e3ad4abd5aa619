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
  uint32_t last_left = 0;           // the largest rank that goes left; of a random cut the threshold tells
  int left_row = 0, right_row = 0;  // a row of the last rank that goes left, and of the first that does not
  double threshold = 0;
  double purity = -std::numeric_limits<double>::infinity();  // of both sides, see SplitFinder::purity
};

/// Looks at one node after the other. Samples of one class lie together.
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
  /// The samples' ranks in a column; returns the smallest and the largest.
  std::pair<uint32_t, uint32_t> read_ranks(int column, std::span<const TreeSample> samples);
  /// One more column of a node, cut as the limits say. False for a constant column.
  bool try_any(int column, std::span<const TreeSample> samples, Random& random, Split& best);
  /// Walks the column's values upwards, moving samples from the right side to the left.
  template <class Parts>
  void try_column(const Parts& parts, int column, std::span<const TreeSample> samples, Split& best);
  /// The same as try_column for many samples of classes by Gini's measure, whose ranks reach from `least` to `most`.
  void try_buckets(int column, uint32_t least, uint32_t most, std::span<const TreeSample> samples, Split& best);
  /// The same as try_column for entropy, whose terms cannot be multiplied out.
  void try_column_by_entropy(int column, std::span<const TreeSample> samples, Split& best);
  /// Cuts the column at a random place between its smallest and its largest value.
  bool try_random_cut(int column, std::span<const TreeSample> samples, Random& random, Split& best);
  /// Sums up those that a random cut sends left: how many they are, and their weight.
  std::pair<int, double> sum_left(double cut);
  std::pair<int, double> sum_numbers_left(const Matrix& numbers, std::span<const TreeSample> samples, double cut);
  /// A threshold between what the cut parts.
  double middle(const Split& split) const;

  const RankedColumns& x_;
  TreeTargets targets_;
  TreeLimits limits_;
  uint64_t seed_;
  RankOrder order_;
  BucketCuts buckets_;
  std::vector<double> totals_;   // of the node at hand, and the sum of their squares
  std::vector<double> weights_;  // of its samples
  std::vector<size_t> ends_;     // of its samples of each class, which lie together
  double weight_ = 0, squares_ = 0;
  double purity_ = 0, power_ = 0;
  std::vector<double> left_, right_;  // totals of both sides while a column is walked
  std::vector<uint32_t> ranks_;       // of the samples in the column at hand; or
  std::vector<double> numbers_;
  RankedColumns::Ranks near_;  // all columns of the node's samples, where they are few
  bool has_near_ = false;
  std::vector<double> beside_;
  std::vector<int> columns_;
  std::vector<size_t> drawn_;
};

}  // namespace lumir::learn
