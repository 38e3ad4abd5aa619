// How far chance reaches: bootstrap resampling by group.
//
// Songs of one album are alike, so they are no independent witnesses: groups are drawn, with replacement, and all rows
// of a group come along. An interval is that of the 2.5 and 97.5 percentiles (Efron and Tibshirani, An Introduction to
// the Bootstrap, 1993, ch. 13).

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "evaluate/results.h"

namespace lumir::evaluate {

inline constexpr int kResamples = 2000;

/// Draws of whole groups. Draw `i` depends on the seed and `i` only, so that models judged on the same rows are
/// compared on the same draws.
class Resampler {
 public:
  /// `groups` names the group of each row; empty: every row is a group of its own.
  Resampler(const std::vector<std::string>& groups, size_t n_rows, uint64_t seed);
  /// The rows (0-based) of draw `i`: as many groups as there are, with replacement.
  std::vector<int> draw(int i) const;
  size_t n_groups() const { return members_.size(); }

 private:
  std::vector<std::vector<int>> members_;  // rows of each group
  uint64_t seed_;
};

/// The value below which `share` of the sorted values lie, linear between neighbours as numpy's percentile.
double percentile(const std::vector<double>& sorted, double share);

/// Scores of many names at once: `score(rows)` gives one number for each name. Returns, for each, the value on all rows
/// and its 95 % interval over kResamples draws.
std::vector<Interval> intervals(const Resampler& resampler, size_t n_rows,
                                const std::function<std::vector<double>(const std::vector<int>& rows)>& score);

}  // namespace lumir::evaluate
