// The best cut of a column for many samples of classes, found without bringing all of them into order.
//
// Samples are counted by class in buckets of ranks. How pure both sides of a cut are, times their weights, is known
// at the edges of the buckets; inside one it cannot be more than what it is to the left of the bucket, and to the
// right of it, and all of its weight (the measure of a sum is at most the sum of the measures). Nor can it be more
// than what the slopes at its lower edge promise and the bend of the measure adds. So only buckets whose bounds reach
// the best of all edges are looked into.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "learn/tree.h"

namespace lumir::learn {

constexpr double kClosePurity = 1e-12;  // relative difference that rounding may make

/// Of the node's weight: a side that has no more is left out of cuts, because its weight may be all rounding.
constexpr double kLeastSide = 1e-14;
/// A side that has less sums its squares anew: what is left of those of the whole node would be rounding.
constexpr double kLightSide = 1e-4;

/// How pure a side is by Gini's measure, times its weight.
inline double gini_purity(double squares, double weight) { return weight > 0 ? squares / weight : 0; }

/// A cut between two ranks.
struct RankCut {
  uint32_t last_left = 0;
  uint32_t first_right = 0;
  size_t left_sample = 0;  // one of each rank
  size_t right_sample = 0;
  double purity = 0;  // the sum of squared weights of classes over the weight, of both sides
};

class BucketCuts {
 public:
  /// The first of the best cuts that are purer than `purity`, with so many samples on either side. `ranks` are those of
  /// the samples in a column, `least` and `most` the smallest and the largest of them, which differ; `totals` are the
  /// weights of the classes.
  std::optional<RankCut> best_above(double purity, std::span<const uint32_t> ranks, uint32_t least, uint32_t most,
                                    std::span<const TreeSample> samples, std::span<const double> totals,
                                    int least_samples);

 private:
  void count(std::span<const TreeSample> samples, size_t width);
  /// What is to the left and to the right of each bucket's lower edge, and the purity of the best edge.
  double measure_edges(std::span<const double> totals, int least_samples);
  /// Holds the samples of buckets whose bound reaches `purity`, those of a bucket beside each other.
  void collect(double purity, std::span<const double> totals);
  /// How pure a cut inside the bucket may be.
  double bound_inside(size_t bucket, std::span<const double> totals) const;
  /// Takes one bucket's samples over from right to left, one rank after the other.
  void look_into(std::span<const uint64_t> held, std::span<const TreeSample> samples, std::span<const double> totals,
                 int least_samples, std::optional<RankCut>& best, double& purity);
  /// A sample of the smallest rank to the right of the cut.
  void find_right(RankCut& cut) const;
  size_t bucket_of(uint32_t rank) const { return (rank - least_) >> shift_; }

  std::span<const uint32_t> ranks_;
  uint32_t least_ = 0, most_ = 0;
  int shift_ = 0;
  size_t buckets_ = 0;
  double weight_ = 0;                  // of the node
  std::vector<double> sums_;           // [buckets + 1, classes]: in each bucket, then below its lower edge
  std::vector<double> weights_;        // of each bucket
  std::vector<int> counts_;            // of the samples below its lower edge
  std::vector<double> below_, above_;  // measures of what is below and above its lower edge
  std::vector<char> wanted_;
  std::vector<size_t> ends_;    // of each wanted bucket's samples among those held
  std::vector<uint64_t> held_;  // samples of the buckets that are looked into: rank, then place
  std::vector<double> left_;
};

}  // namespace lumir::learn
