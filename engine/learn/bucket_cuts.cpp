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

uint32_t rank_of(uint64_t held) { return static_cast<uint32_t>(held >> 32); }
uint32_t sample_of(uint64_t held) { return static_cast<uint32_t>(held); }

/// Those of a bucket, which are few as a rule.
void sort_few(std::span<uint64_t> held) {
  constexpr size_t kFew = 32;
  if (held.size() > kFew) return std::sort(held.begin(), held.end());
  for (size_t i = 1; i < held.size(); ++i) {
    const uint64_t one = held[i];
    size_t place = i;
    for (; place > 0 && held[place - 1] > one; --place) held[place] = held[place - 1];
    held[place] = one;
  }
}

}  // namespace

std::optional<RankCut> BucketCuts::best_above(double purity, std::span<const uint32_t> ranks, uint32_t least,
                                              uint32_t most, std::span<const TreeSample> samples,
                                              std::span<const double> totals, int least_samples) {
  ranks_ = ranks;
  least_ = least;
  most_ = most;
  count(samples, totals.size());
  collect(std::max(purity, measure_edges(totals, least_samples)), totals);
  std::optional<RankCut> best;
  size_t begin = 0;
  for (size_t bucket = 0; bucket < buckets_; ++bucket) {
    if (!wanted_[bucket]) continue;
    const size_t end = ends_[bucket];
    const auto held = std::span(held_).subspan(begin, end - begin);
    sort_few(held);
    look_into(held, samples, totals, least_samples, best, purity);
    begin = end;
  }
  if (best && best->right_sample == ranks_.size()) find_right(*best);
  if (best) best->first_right = ranks_[best->right_sample];
  return best;
}

void BucketCuts::find_right(RankCut& cut) const {
  uint32_t first = most_;
  for (const uint32_t rank : ranks_) first = rank > cut.last_left ? std::min(first, rank) : first;
  cut.right_sample = static_cast<size_t>(std::find(ranks_.begin(), ranks_.end(), first) - ranks_.begin());
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
  const int least = std::max(least_samples, 1);
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
    double* left = left_.data();
    const double* all_of = totals.data();
#pragma omp simd reduction(+ : left_squares, right_squares, here)
    for (size_t k = 0; k < width; ++k) {
      const double so_far = left[k], right = all_of[k] - so_far, inside = sums[k];
      left_squares += so_far * so_far;
      right_squares += right * right;
      here += inside;
      sums[k] = so_far;
      left[k] = so_far + inside;
    }
    below_[bucket] = gini_purity(left_squares, left_weight);
    above_[bucket] = gini_purity(right_squares, weight_ - left_weight);
    if (before >= least && all - before >= least &&
        std::min(left_weight, weight_ - left_weight) > kLeastSide * weight_) {
      best = std::max(best, below_[bucket] + above_[bucket]);
    }
    if (bucket < buckets_) weights_[bucket] = here;
    left_weight += here;
    before += std::exchange(counts_[bucket], before);
  }
  return best;
}

/// The measure of a side is |v|^2 / s, of the weights v of its classes and their sum s. Where t of them, w in sum, go
/// from right to left, it changes by its slopes times t and at most 2 w^2 / s: its bend is 2 |t - w v / s|^2 / s.
double BucketCuts::bound_inside(size_t bucket, std::span<const double> totals) const {
  const double weight = weights_[bucket];
  const double sums = below_[bucket] + above_[bucket + 1] + weight;
  const double* left = sums_.data() + bucket * totals.size();
  const double* upto = left + totals.size();
  double left_weight = 0;
  for (size_t k = 0; k < totals.size(); ++k) left_weight += left[k];
  const double right_weight = weight_ - left_weight;
  if (std::min(left_weight, right_weight - weight) < kLightSide * weight_) return sums;
  const double at_edge = below_[bucket] / left_weight - above_[bucket] / right_weight;
  double won = 0;
  for (size_t k = 0; k < totals.size(); ++k) {
    const double slope = 2 * left[k] / left_weight - 2 * (totals[k] - left[k]) / right_weight - at_edge;
    won += std::max(slope, 0.0) * (upto[k] - left[k]);
  }
  const double bend = 2 * weight * weight * (1 / left_weight + 1 / (right_weight - weight));
  return std::min(sums, below_[bucket] + above_[bucket] + won + bend);
}

void BucketCuts::collect(double purity, std::span<const double> totals) {
  wanted_.assign(buckets_, 0);
  ends_.assign(buckets_, 0);
  const double reach = purity * (1 - kClosePurity);
  size_t n = 0;
  for (size_t bucket = 0; bucket < buckets_; ++bucket) {
    ends_[bucket] = n;
    const double most = below_[bucket] + above_[bucket + 1] + weights_[bucket];
    if (most < reach || !(weights_[bucket] > 0) || bound_inside(bucket, totals) < reach) continue;
    wanted_[bucket] = 1;
    n += static_cast<size_t>(counts_[bucket + 1] - counts_[bucket]);
  }
  if (n == 0) return;
  held_.resize(n + 1);  // the last place takes samples of all other buckets
  for (size_t s = 0; s < ranks_.size(); ++s) {
    const size_t bucket = bucket_of(ranks_[s]);
    const bool wanted = wanted_[bucket] != 0;
    held_[wanted ? ends_[bucket] : n] = uint64_t{ranks_[s]} << 32 | s;
    ends_[bucket] += wanted;
  }
}

void BucketCuts::look_into(std::span<const uint64_t> held, std::span<const TreeSample> samples,
                           std::span<const double> totals, int least_samples, std::optional<RankCut>& best,
                           double& purity) {
  const size_t bucket = bucket_of(rank_of(held.front())), width = totals.size();
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
    const TreeSample& sample = samples[sample_of(held[i])];
    const auto k = static_cast<size_t>(sample.label);
    const double part = sample.weight;
    left_squares += part * (2 * left_[k] + part);
    right_squares += part * (part - 2 * (totals[k] - left_[k]));
    left_[k] += part;
    left_weight += part;
    ++moved;
    if (i + 1 < held.size() && rank_of(held[i + 1]) == rank_of(held[i])) continue;
    if (moved < least_samples || all - moved < std::max(least_samples, 1)) continue;
    const double right_weight = weight_ - left_weight;
    if (!(std::min(left_weight, right_weight) > kLeastSide * weight_)) continue;
    if (right_weight < kLightSide * weight_) {
      right_squares = 0;
      for (size_t c = 0; c < width; ++c) right_squares += (totals[c] - left_[c]) * (totals[c] - left_[c]);
    }
    const double here = gini_purity(left_squares, left_weight) + gini_purity(right_squares, right_weight);
    if (!(here > purity)) continue;
    purity = here;
    best = {rank_of(held[i]), 0, sample_of(held[i]), ranks_.size(), here};
    if (i + 1 < held.size()) best->right_sample = sample_of(held[i + 1]);
  }
}

}  // namespace lumir::learn
