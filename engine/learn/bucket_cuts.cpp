// See bucket_cuts.h.

#include "learn/bucket_cuts.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace lumir::learn {
namespace {

constexpr size_t kSamples = 8;        // of a bucket, where they are spread evenly
constexpr size_t kMostBuckets = 512;  // with eight classes they fill the first cache
constexpr double kClose = 1e-12;      // relative difference of purities that rounding may make

double measure(double squares, double weight) { return weight > 0 ? squares / weight : 0; }

}  // namespace

bool BucketCuts::look_at(std::span<const uint32_t> ranks, std::span<const TreeSample> samples) {
  ranks_.resize(samples.size());
  least_ = std::numeric_limits<uint32_t>::max();
  most_ = 0;
  for (size_t s = 0; s < samples.size(); ++s) {
    const uint32_t rank = ranks_[s] = ranks[static_cast<size_t>(samples[s].row)];
    least_ = std::min(least_, rank);
    most_ = std::max(most_, rank);
  }
  return least_ < most_;
}

std::optional<RankCut> BucketCuts::best_above(double purity, std::span<const TreeSample> samples,
                                              std::span<const double> totals, int least_samples) {
  count(samples, totals.size());
  collect(std::max(purity, measure_edges(totals, least_samples)));
  std::sort(held_.begin(), held_.end(), [](const Held& a, const Held& b) { return a.rank < b.rank; });
  std::optional<RankCut> best;
  for (size_t begin = 0; begin < held_.size();) {
    const size_t bucket = bucket_of(held_[begin].rank);
    size_t end = begin;
    while (end < held_.size() && bucket_of(held_[end].rank) == bucket) ++end;
    look_into(std::span(held_).subspan(begin, end - begin), samples, totals, least_samples, best, purity);
    begin = end;
  }
  if (best) {
    best->first_right = most_;
    for (const uint32_t rank : ranks_) {
      best->first_right = rank > best->last_left ? std::min(best->first_right, rank) : best->first_right;
    }
  }
  return best;
}

void BucketCuts::count(std::span<const TreeSample> samples, size_t width) {
  const size_t wanted = std::clamp(std::bit_floor(samples.size() / kSamples), size_t{16}, kMostBuckets);
  const int bits = std::bit_width(most_ - least_), kept = std::bit_width(wanted) - 1;
  shift_ = std::max(0, bits - kept);
  buckets_ = bucket_of(most_) + 1;
  sums_.assign((buckets_ + 1) * width, 0);
  weights_.assign(buckets_, 0);
  counts_.assign(buckets_ + 1, 0);
  for (size_t s = 0; s < samples.size(); ++s) {
    const size_t bucket = bucket_of(ranks_[s]);
    sums_[bucket * width + static_cast<size_t>(samples[s].label)] += samples[s].weight;
    ++counts_[bucket];
  }
}

double BucketCuts::measure_edges(std::span<const double> totals, int least_samples) {
  const size_t width = totals.size();
  const int all = static_cast<int>(ranks_.size());
  weight_ = 0;
  for (const double total : totals) weight_ += total;
  below_.resize(buckets_ + 1);
  above_.resize(buckets_ + 1);
  left_.assign(width, 0);
  double left_weight = 0, best = -std::numeric_limits<double>::infinity();
  int before = 0;
  for (size_t bucket = 0; bucket <= buckets_; ++bucket) {
    double left_squares = 0, right_squares = 0, here = 0;
    double* sums = sums_.data() + bucket * width;
    for (size_t k = 0; k < width; ++k) {
      const double left = left_[k], right = totals[k] - left, inside = sums[k];
      left_squares += left * left;
      right_squares += right * right;
      here += inside;
      sums[k] = left;
      left_[k] = left + inside;
    }
    below_[bucket] = measure(left_squares, left_weight);
    above_[bucket] = measure(right_squares, weight_ - left_weight);
    if (before >= std::max(least_samples, 1) && all - before >= std::max(least_samples, 1)) {
      best = std::max(best, below_[bucket] + above_[bucket]);
    }
    if (bucket < buckets_) weights_[bucket] = here;
    left_weight += here;
    before += std::exchange(counts_[bucket], before);
  }
  return best;
}

void BucketCuts::collect(double purity) {
  wanted_.resize(buckets_);
  for (size_t bucket = 0; bucket < buckets_; ++bucket) {
    const double most = below_[bucket] + above_[bucket + 1] + weights_[bucket];
    wanted_[bucket] = weights_[bucket] > 0 && most >= purity * (1 - kClose);
  }
  held_.clear();
  for (size_t s = 0; s < ranks_.size(); ++s) {
    if (wanted_[bucket_of(ranks_[s])]) held_.push_back({ranks_[s], static_cast<uint32_t>(s)});
  }
}

void BucketCuts::look_into(std::span<const Held> held, std::span<const TreeSample> samples,
                           std::span<const double> totals, int least_samples, std::optional<RankCut>& best,
                           double& purity) {
  const size_t bucket = bucket_of(held.front().rank), width = totals.size();
  const auto at_edge = sums_.begin() + static_cast<ptrdiff_t>(bucket * width);
  std::copy(at_edge, at_edge + static_cast<ptrdiff_t>(width), left_.begin());
  double left_squares = 0, right_squares = 0, left_weight = 0;
  for (size_t k = 0; k < width; ++k) {
    const double right = totals[k] - left_[k];
    left_squares += left_[k] * left_[k];
    right_squares += right * right;
    left_weight += left_[k];
  }
  int moved = counts_[bucket];
  const int all = static_cast<int>(ranks_.size());
  for (size_t i = 0; i < held.size(); ++i) {
    const TreeSample& sample = samples[held[i].sample];
    const auto k = static_cast<size_t>(sample.label);
    const double part = sample.weight;
    left_squares += part * (2 * left_[k] + part);
    right_squares += part * (part - 2 * (totals[k] - left_[k]));
    left_[k] += part;
    left_weight += part;
    ++moved;
    if (i + 1 < held.size() && held[i + 1].rank == held[i].rank) continue;
    if (moved < least_samples || all - moved < std::max(least_samples, 1)) continue;
    const double here = left_squares / left_weight + right_squares / (weight_ - left_weight);
    if (here <= purity) continue;
    purity = here;
    best = {held[i].rank, 0, here};
  }
}

}  // namespace lumir::learn
