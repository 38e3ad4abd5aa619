// How far chance reaches, told from groups.
//
// Songs of one album are alike, so they are no independent witnesses: what is counted are groups.
//
//   shares (accuracy, top-3)   groups are right by shares of their own, spread around the one that is asked for (the
//                              beta-binomial model); all shares and spreads that could have given these counts are
//                              weighed, and the middle 95 % are the interval. Unlike a bootstrap's it is no point where
//                              all rows or none are right, and it holds from 8 groups on. The metric says that it is
//                              one: errors that are all 0 look alike
//   differences, other means   means of random subsets of groups (Hartigan, Using subsample values as typical values,
//                              1969): exact where chance is as likely to push up as down, as it is for equal models
//   R2, areas over tags        the same subsets, measured anew: each number that they are made of is seen in most groups
//   averages over classes      have no interval: a class is seen in a group or two, from which its spread cannot be told
//
// `lumir-tests "[coverage]"` simulates how often intervals hold what they should; its table is kept in
// tests/golden/evaluate/coverage.txt. smooth_coverage.txt beside it has that of R2 and of areas: PR-AUC needs 15 groups.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "evaluate/results.h"
#include "metric/metric.h"

namespace lumir::evaluate {

/// From so many groups on an interval holds what is asked for in about 95 % of cases.
inline constexpr size_t kEnoughGroups = 8;

/// The rows of each group.
class Groups {
 public:
  /// `groups` names the group of each row; empty: every row is a group of its own.
  Groups(const std::vector<std::string>& groups, size_t n_rows);
  size_t count() const { return members_.size(); }
  const std::vector<std::vector<int>>& members() const { return members_; }

 private:
  std::vector<std::vector<int>> members_;
};

/// A metric's value with its 95 % interval; without limits where it is no mean of rows or where there is one group.
Interval interval_of(const metric::Measurer& measurer, const Groups& groups, uint64_t seed);

/// The mean of differences of rows with its 95 % interval; without limits below 6 groups, from which nothing is seen.
Interval difference_interval(const std::vector<double>& rows, const Groups& groups, uint64_t seed);

/// How likely equal models differ by as much, for a metric that is no mean: `swapped` gives the difference of the two
/// where they have changed places for the rows that are marked.
double swap_test(const std::function<double(const std::vector<bool>& rows)>& swapped, const Groups& groups,
                 size_t n_rows, uint64_t seed);

}  // namespace lumir::evaluate
