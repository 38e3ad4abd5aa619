// The impurity of both sides follows from the sums of squared class weights, which change by one product a sample.

#include "learn/split_finder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lumir::learn {
namespace {

constexpr double kClose = 1e-12;  // relative difference of purities that rounding may make

/// How pure a side is, times its weight: the less mixed, the larger. Gini's is the sum of squared class weights over
/// the weight; entropy's is its negative, from weights times their logarithms. Either changes by one term a sample.
class Purity {
 public:
  Purity(bool entropy, std::vector<double>& classes) : entropy_(entropy), classes_(classes) {}
  void clear() {
    std::fill(classes_.begin(), classes_.end(), 0);
    sum_ = weight_ = 0;
  }
  void add(size_t label, double weight) {
    const double before = classes_[label];
    classes_[label] += weight;
    weight_ += weight;
    sum_ += entropy_ ? log_term(before + weight) - log_term(before) : weight * (2 * before + weight);
  }
  double value() const { return weight_ <= 0 ? 0 : entropy_ ? sum_ - log_term(weight_) : sum_ / weight_; }
  double weight() const { return weight_; }

 private:
  static double log_term(double x) { return x > 0 ? x * std::log(x) : 0; }
  bool entropy_;
  std::vector<double>& classes_;
  double sum_ = 0, weight_ = 0;
};

}  // namespace

SplitFinder::SplitFinder(const RankedColumns& x, int n_classes, const TreeLimits& limits, uint64_t seed)
    : x_(x),
      limits_(limits),
      seed_(seed),
      order_(x.rows()),
      totals_(static_cast<size_t>(n_classes)),
      left_(totals_.size()),
      right_(totals_.size()),
      columns_(x.columns()) {
  std::iota(columns_.begin(), columns_.end(), 0);
}

void SplitFinder::look_at(std::span<const TreeSample> samples) {
  Purity all(limits_.entropy, totals_);
  all.clear();
  for (const auto& sample : samples) all.add(static_cast<size_t>(sample.label), sample.weight);
  weight_ = all.weight();
  purity_ = all.value();
  squares_ = 0;
  for (const double total : totals_) squares_ += total * total;
}

/// Draws columns without putting them back; their order is restored, so that nothing depends on earlier nodes.
Split SplitFinder::find(std::span<const TreeSample> samples, uint64_t key) {
  Random random(seed_, key);
  Split best;
  bool varied = false;
  drawn_.clear();
  for (size_t n = 0; n < columns_.size(); ++n) {
    if (n >= static_cast<size_t>(limits_.max_features) && varied) break;
    const size_t other = n + random.below(static_cast<uint32_t>(columns_.size() - n));
    std::swap(columns_[n], columns_[other]);
    drawn_.push_back(other);
    if (limits_.random_cuts) {
      varied |= try_random_cut(columns_[n], samples, random, best);
    } else if (limits_.entropy) {
      varied |= try_column_by_entropy(columns_[n], samples, best);
    } else {
      varied |= try_column(columns_[n], samples, best);
    }
  }
  for (size_t n = drawn_.size(); n-- > 0;) std::swap(columns_[n], columns_[drawn_[n]]);
  return best;
}

template <class Move>
void SplitFinder::walk(int column, std::span<const TreeSample> samples, const Move& move) {
  const auto ranks = x_.ranks(static_cast<size_t>(column));
  if (order_.is_few(samples.size())) {
    order_.for_each_of_few(ranks, samples, move);
  } else {
    order_.for_each(ranks, samples, move);
  }
}

double SplitFinder::middle(int column, uint32_t last_left, uint32_t first_right) const {
  const auto& values = x_.distinct(static_cast<size_t>(column));
  const double below = values[last_left], above = values[first_right], half = below / 2 + above / 2;
  return half >= above ? below : half;  // neighbouring numbers have no middle
}

bool SplitFinder::try_column(int column, std::span<const TreeSample> samples, Split& best) {
  std::fill(left_.begin(), left_.end(), 0);
  std::copy(totals_.begin(), totals_.end(), right_.begin());
  double left_squares = 0, right_squares = squares_, left_weight = 0;
  const int n = static_cast<int>(samples.size());
  int moved = 0;
  bool varied = false, waiting = false;
  uint32_t waiting_rank = 0;
  double waiting_purity = 0;
  const auto move = [&](int s, uint32_t rank, bool last_of_rank) {
    if (waiting) {  // the cut before this rank was better than all so far: now its right edge is known
      best = {column, waiting_rank, middle(column, waiting_rank, rank), waiting_purity};
      waiting = false;
    }
    const TreeSample& sample = samples[static_cast<size_t>(s)];
    const auto label = static_cast<size_t>(sample.label);
    const double w = sample.weight;
    left_squares += w * (2 * left_[label] + w);
    right_squares += w * (w - 2 * right_[label]);
    left_[label] += w;
    right_[label] -= w;
    left_weight += w;
    ++moved;
    if (!last_of_rank || moved == n) return;
    varied = true;
    if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return;
    // multiplied out to save divisions; where that is close, the divisions tell, as they do in scikit-learn
    const double right_weight = weight_ - left_weight, best_purity = std::max(best.purity, waiting_purity);
    const double scaled = left_squares * right_weight + right_squares * left_weight;
    if (scaled < best_purity * left_weight * right_weight * (1 - kClose)) return;
    const double purity = left_squares / left_weight + right_squares / right_weight;
    if (purity <= best_purity) return;
    waiting = true;
    waiting_rank = rank;
    waiting_purity = purity;
  };
  walk(column, samples, move);
  return varied;
}

bool SplitFinder::try_column_by_entropy(int column, std::span<const TreeSample> samples, Split& best) {
  Purity left(true, left_), right(true, right_);
  left.clear();
  right.clear();
  for (const auto& sample : samples) right.add(static_cast<size_t>(sample.label), sample.weight);
  const int n = static_cast<int>(samples.size());
  int moved = 0;
  bool varied = false, waiting = false;
  Split next{column};
  const auto move = [&](int s, uint32_t rank, bool last_of_rank) {
    if (waiting) {
      next.threshold = middle(column, next.last_left, rank);
      best = next;
      waiting = false;
    }
    const TreeSample& sample = samples[static_cast<size_t>(s)];
    left.add(static_cast<size_t>(sample.label), sample.weight);
    right.add(static_cast<size_t>(sample.label), -sample.weight);
    ++moved;
    if (!last_of_rank || moved == n) return;
    varied = true;
    if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return;
    const double purity = left.value() + right.value();
    if (purity <= best.purity) return;
    waiting = true;
    next.last_left = rank;
    next.purity = purity;
  };
  walk(column, samples, move);
  return varied;
}

bool SplitFinder::try_random_cut(int column, std::span<const TreeSample> samples, Random& random, Split& best) {
  const auto ranks = x_.ranks(static_cast<size_t>(column));
  uint32_t least = std::numeric_limits<uint32_t>::max(), most = 0;
  for (const auto& sample : samples) {
    const uint32_t rank = ranks[static_cast<size_t>(sample.row)];
    least = std::min(least, rank);
    most = std::max(most, rank);
  }
  if (least == most) return false;
  const auto& values = x_.distinct(static_cast<size_t>(column));
  const double share = random.uniform();
  const double cut = values[least] * (1 - share) + values[most] * share;
  const auto above = std::upper_bound(values.begin() + least, values.begin() + most, cut);  // the largest goes right
  const auto last_left = std::max(static_cast<uint32_t>(above - values.begin()), least + 1) - 1;
  Purity left(limits_.entropy, left_), right(limits_.entropy, right_);
  left.clear();
  right.clear();
  int moved = 0;
  for (const auto& sample : samples) {
    const bool goes_left = ranks[static_cast<size_t>(sample.row)] <= last_left;
    (goes_left ? left : right).add(static_cast<size_t>(sample.label), sample.weight);
    moved += goes_left;
  }
  const int n = static_cast<int>(samples.size());
  if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return true;
  const double purity = left.value() + right.value();
  if (purity <= best.purity) return true;
  best = {column, last_left, std::clamp(cut, values[last_left], values[last_left + 1]), purity};
  if (best.threshold >= values[last_left + 1]) best.threshold = values[last_left];
  return true;
}

}  // namespace lumir::learn
