// How far chance reaches: bootstrap resampling by group.
//
// Songs of one album are alike, so they are no independent witnesses: groups are drawn, with replacement, and all rows
// of a group come along. An interval is that of the 2.5 and 97.5 percentiles (Efron and Tibshirani, An Introduction to
// the Bootstrap, 1993, ch. 13).

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluate/results.h"
#include "metric/metric.h"

namespace lumir::evaluate {

inline constexpr int kResamples = 2000;

/// Draws of whole groups. Draw `i` depends on the seed and `i` only, so that models judged on the same rows are
/// compared on the same draws.
class Resampler {
 public:
  /// `groups` names the group of each row; empty: every row is a group of its own.
  Resampler(const std::vector<std::string>& groups, size_t n_rows, uint64_t seed);
  /// How often draw `i` holds each row: as many groups as there are, with replacement. `weights` is [rows].
  void draw(int i, std::span<double> weights) const;
  size_t n_groups() const { return members_.size(); }

 private:
  std::vector<std::vector<int>> members_;  // rows of each group
  uint64_t seed_;
};

/// The value below which `share` of the sorted values lie, linear between neighbours as numpy's percentile.
double percentile(const std::vector<double>& sorted, double share);

/// Many metrics at once: for each, its value on all rows and the 95 % interval over kResamples draws. Every metric must
/// give one number.
std::vector<Interval> intervals(const Resampler& resampler, size_t n_rows,
                                const std::vector<metric::Measurer>& measurers);

}  // namespace lumir::evaluate
