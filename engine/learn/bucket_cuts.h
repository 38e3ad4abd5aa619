// The best cut of a column for many samples of classes, found without bringing all of them into order.
//
// Samples are counted by class in buckets of ranks. How pure both sides of a cut are, times their weights, is known
// at the edges of the buckets; inside one it cannot be more than what it is to the left of the bucket, and to the
// right of it, and all of its weight (the measure of a sum is at most the sum of the measures). So only buckets
// whose bound reaches the best of all edges are looked into.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "learn/tree.h"

namespace lumir::learn {

/// A cut between two ranks.
struct RankCut {
  uint32_t last_left = 0;
  uint32_t first_right = 0;
  double purity = 0;  // the sum of squared weights of classes over the weight, of both sides
};

class BucketCuts {
 public:
  /// Takes the samples' ranks in a column; false where all are the same.
  bool look_at(std::span<const uint32_t> ranks, std::span<const TreeSample> samples);
  /// The first of the best cuts that are purer than `purity`, with so many samples on either side; `totals` are
  /// the weights of the classes.
  std::optional<RankCut> best_above(double purity, std::span<const TreeSample> samples, std::span<const double> totals,
                                    int least_samples);

 private:
  struct Held {
    uint32_t rank, sample;
  };

  void count(std::span<const TreeSample> samples, size_t width);
  /// What is to the left and to the right of each bucket's lower edge, and the purity of the best edge.
  double measure_edges(std::span<const double> totals, int least_samples);
  void collect(double purity);
  /// Takes one bucket's samples over from right to left, one rank after the other.
  void look_into(std::span<const Held> held, std::span<const TreeSample> samples, std::span<const double> totals,
                 int least_samples, std::optional<RankCut>& best, double& purity);
  size_t bucket_of(uint32_t rank) const { return (rank - least_) >> shift_; }

  std::vector<uint32_t> ranks_;  // of the samples
  uint32_t least_ = 0, most_ = 0;
  int shift_ = 0;
  size_t buckets_ = 0;
  double weight_ = 0;
  std::vector<double> sums_;           // [buckets + 1, classes]: in each bucket, then below its lower edge
  std::vector<double> weights_;        // of each bucket
  std::vector<int> counts_;            // of the samples below its lower edge
  std::vector<double> below_, above_;  // measures of what is below and above its lower edge
  std::vector<char> wanted_;
  std::vector<Held> held_;  // samples of the buckets that are looked into
  std::vector<double> left_;
};

}  // namespace lumir::learn
