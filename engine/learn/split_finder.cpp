// The impurity of both sides follows from the sums of squared totals, which change by one product a sample.
//
// Gini's measure of classes is the variance of numbers that are 1 for a row's own class and 0 for all
// others. So what finds cuts for classes finds those of least squares for numbers: only what a sample
// adds to the totals differs.

#include "learn/split_finder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr size_t kNear = 128;    // samples whose numbers in the next column are brought near
constexpr size_t kTurned = 512;  // samples of which all columns are read at once, where all are looked at
constexpr size_t kMany = 48;     // samples from which a column is cut by buckets
constexpr size_t kBeside = 4;    // sums that are taken in turns: none waits for the one before it

/// A sample adds its weight to its class ...
struct ClassParts {
  template <class Add>
  void each(const TreeSample& sample, const Add& add) const {
    add(static_cast<size_t>(sample.label), sample.weight);
  }
};

/// ... or its weighted numbers to theirs.
struct NumberParts {
  const Matrix& numbers;
  template <class Add>
  void each(const TreeSample& sample, const Add& add) const {
    const auto row = numbers.row(static_cast<size_t>(sample.row));
    for (size_t k = 0; k < row.size(); ++k) add(k, sample.weight * row[k]);
  }
};

/// The smallest and the largest of some ranks.
LUMIR_VECTORISED std::pair<uint32_t, uint32_t> range_of(const uint32_t* ranks, size_t n) {
  uint32_t least = std::numeric_limits<uint32_t>::max(), most = 0;
  for (size_t i = 0; i < n; ++i) {
    least = std::min(least, ranks[i]);
    most = std::max(most, ranks[i]);
  }
  return {least, most};
}

/// The same of numbers.
LUMIR_VECTORISED std::pair<double, double> range_of(const double* numbers, size_t n) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
#pragma omp simd reduction(min : least) reduction(max : most)
  for (size_t i = 0; i < n; ++i) {
    least = std::min(least, numbers[i]);
    most = std::max(most, numbers[i]);
  }
  return {least, most};
}

/// How many numbers are `cut` at most, and the sum of their weights.
LUMIR_VECTORISED std::pair<int, double> sum_upto(double cut, const double* numbers, const double* weights, size_t n) {
  double count = 0, sum = 0;
#pragma omp simd reduction(+ : count, sum)
  for (size_t i = 0; i < n; ++i) {
    const double goes = numbers[i] <= cut ? 1 : 0;
    count += goes;
    sum += goes * weights[i];
  }
  return {static_cast<int>(count), sum};
}

double log_term(double x) { return x > 0 ? x * std::log(x) : 0; }

/// How pure a side is, times its weight: the less mixed, the larger. Gini's is the sum of squared totals over the
/// weight; entropy's is its negative, from weights times their logarithms.
double purity_of(bool entropy, std::span<const double> totals, double weight) {
  if (weight <= 0) return 0;
  double sum = 0;
  for (const double total : totals) sum += entropy ? log_term(total) : total * total;
  return entropy ? sum - log_term(weight) : gini_purity(sum, weight);
}

/// The same while samples come and go: either measure changes by one term a sample.
class Purity {
 public:
  Purity(bool entropy, std::vector<double>& totals) : entropy_(entropy), totals_(totals) {}
  void clear() {
    std::fill(totals_.begin(), totals_.end(), 0);
    sum_ = weight_ = 0;
  }
  /// `sign` -1 takes the sample away.
  template <class Parts>
  void add(const Parts& parts, const TreeSample& sample, double sign = 1) {
    parts.each(sample, [&](size_t k, double part) { add_part(k, sign * part); });
    weight_ += sign * sample.weight;
  }
  double value() const {
    if (weight_ <= 0) return 0;
    return entropy_ ? sum_ - log_term(weight_) : gini_purity(sum_, weight_);
  }
  double weight() const { return weight_; }

 private:
  void add_part(size_t k, double part) {
    const double before = totals_[k];
    totals_[k] += part;
    sum_ += entropy_ ? log_term(before + part) - log_term(before) : part * (2 * before + part);
  }
  bool entropy_;
  std::vector<double>& totals_;
  double sum_ = 0, weight_ = 0;
};

}  // namespace

SplitFinder::SplitFinder(const RankedColumns& x, const TreeTargets& targets, const TreeLimits& limits, uint64_t seed)
    : x_(x),
      targets_(targets),
      limits_(limits),
      seed_(seed),
      order_(x.rows()),
      totals_(targets.width),
      left_(totals_.size()),
      right_(totals_.size()),
      columns_(x.columns()) {
  std::iota(columns_.begin(), columns_.end(), 0);
}

void SplitFinder::look_at(std::span<const TreeSample> samples) {
  std::fill(totals_.begin(), totals_.end(), 0);
  ends_.assign(totals_.size(), 0);
  weights_.resize(samples.size());
  weight_ = power_ = 0;
  for (size_t s = 0; s < samples.size(); ++s) {
    const TreeSample& sample = samples[s];
    weights_[s] = sample.weight;
    weight_ += sample.weight;
    if (targets_.numbers) {
      const auto numbers = targets_.numbers->row(static_cast<size_t>(sample.row));
      for (size_t k = 0; k < numbers.size(); ++k) {
        totals_[k] += sample.weight * numbers[k];
        power_ += sample.weight * numbers[k] * numbers[k];
      }
    } else {
      totals_[static_cast<size_t>(sample.label)] += sample.weight;
      ++ends_[static_cast<size_t>(sample.label)];
    }
  }
  std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  if (!targets_.numbers) power_ = weight_;
  squares_ = std::inner_product(totals_.begin(), totals_.end(), totals_.begin(), 0.0);
  purity_ = purity_of(limits_.entropy, totals_, weight_);
}

bool SplitFinder::is_pure(std::span<const TreeSample> samples) const {
  if (!targets_.numbers) {
    return std::count_if(totals_.begin(), totals_.end(), [](double weight) { return weight > 0; }) < 2;
  }
  const auto first = targets_.numbers->row(static_cast<size_t>(samples.front().row));
  return std::all_of(samples.begin(), samples.end(), [&](const TreeSample& sample) {
    const auto row = targets_.numbers->row(static_cast<size_t>(sample.row));
    return std::equal(row.begin(), row.end(), first.begin());
  });
}

/// Draws columns without putting them back; their order is restored, so that nothing depends on earlier nodes.
Split SplitFinder::find(std::span<const TreeSample> samples, uint64_t key) {
  Random random(seed_, key);
  Split best;
  bool varied = false;
  drawn_.clear();
  has_near_ = x_.lines() && samples.size() <= kTurned;
  if (has_near_) near_.turn(*x_.lines(), x_.columns(), samples);
  const auto bring_near = [&](size_t column) {
    if (has_near_ || samples.size() > kNear) return;
    if (limits_.random_cuts) {
      x_.numbers().bring_near(column, samples);
    } else {
      x_.ranks().bring_near(column, samples);
    }
  };
  const auto draw = [&](size_t n) {
    const size_t other = n + random.below(static_cast<uint32_t>(columns_.size() - n));
    std::swap(columns_[n], columns_[other]);
    drawn_.push_back(other);
    bring_near(static_cast<size_t>(columns_[n]));
  };
  draw(0);
  for (size_t n = 0; n < columns_.size(); ++n) {
    if (n >= static_cast<size_t>(limits_.max_features) && varied) break;
    if (n + 1 < columns_.size()) draw(n + 1);  // one ahead
    varied |= try_any(columns_[n], samples, random, best);
  }
  for (size_t n = drawn_.size(); n-- > 0;) std::swap(columns_[n], columns_[drawn_[n]]);
  if (!limits_.random_cuts && best.column >= 0) best.threshold = middle(best);
  return best;
}

bool SplitFinder::try_any(int column, std::span<const TreeSample> samples, Random& random, Split& best) {
  if (limits_.random_cuts) return try_random_cut(column, samples, random, best);
  const auto [least, most] = read_ranks(column, samples);
  if (least == most) return false;
  if (targets_.numbers) {
    try_column(NumberParts{*targets_.numbers}, column, samples, best);
  } else if (limits_.entropy) {
    try_column_by_entropy(column, samples, best);
  } else if (samples.size() > kMany) {
    try_buckets(column, least, most, samples, best);
  } else {
    try_column(ClassParts{}, column, samples, best);
  }
  return true;
}

std::pair<uint32_t, uint32_t> SplitFinder::read_ranks(int column, std::span<const TreeSample> samples) {
  ranks_.resize(samples.size());
  if (has_near_) {
    near_.read(static_cast<size_t>(column), ranks_);
  } else {
    x_.ranks().take(static_cast<size_t>(column), samples, ranks_.data());
  }
  return range_of(ranks_.data(), ranks_.size());
}

double SplitFinder::middle(const Split& split) const {
  const auto column = static_cast<size_t>(split.column);
  const double below = x_.number(column, split.left_row), above = x_.number(column, split.right_row);
  const double half = below / 2 + above / 2;
  return half >= above ? below : half;  // neighbouring numbers have no middle
}

template <class Parts>
void SplitFinder::try_column(const Parts& parts, int column, std::span<const TreeSample> samples, Split& best) {
  std::fill(left_.begin(), left_.end(), 0);
  std::copy(totals_.begin(), totals_.end(), right_.begin());
  double left_squares = 0, right_squares = squares_, left_weight = 0;
  const int n = static_cast<int>(samples.size());
  int moved = 0;
  bool waiting = false;
  const auto move = [&](int s, uint32_t rank, bool last_of_rank) {
    const TreeSample& sample = samples[static_cast<size_t>(s)];
    if (waiting) best.right_row = sample.row;  // the cut before this rank was better than all so far
    waiting = false;
    parts.each(sample, [&](size_t k, double part) {
      left_squares += part * (2 * left_[k] + part);
      right_squares += part * (part - 2 * right_[k]);
      left_[k] += part;
      right_[k] -= part;
    });
    left_weight += sample.weight;
    ++moved;
    if (!last_of_rank || moved == n) return;
    if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return;
    const double right_weight = weight_ - left_weight;
    if (!(std::min(left_weight, right_weight) > kLeastSide * weight_)) return;
    if (right_weight < kLightSide * weight_) {
      right_squares = std::inner_product(right_.begin(), right_.end(), right_.begin(), 0.0);
    }
    // multiplied out to save divisions; where that is close, the divisions tell, as they do in scikit-learn
    const double scaled = left_squares * right_weight + right_squares * left_weight;
    if (scaled < best.purity * left_weight * right_weight * (1 - kClosePurity)) return;
    const double purity = gini_purity(left_squares, left_weight) + gini_purity(right_squares, right_weight);
    if (!(purity > best.purity)) return;
    waiting = true;
    best = {column, rank, sample.row, 0, 0, purity};
  };
  order_.for_each(ranks_, move);
}

void SplitFinder::try_buckets(int column, uint32_t least, uint32_t most, std::span<const TreeSample> samples,
                              Split& best) {
  const auto cut = buckets_.best_above(best.purity, ranks_, least, most, samples, totals_, limits_.min_samples_leaf);
  if (!cut) return;
  best = {column, cut->last_left, samples[cut->left_sample].row, samples[cut->right_sample].row, 0, cut->purity};
}

void SplitFinder::try_column_by_entropy(int column, std::span<const TreeSample> samples, Split& best) {
  Purity left(true, left_), right(true, right_);
  left.clear();
  right.clear();
  for (const auto& sample : samples) right.add(ClassParts{}, sample);
  const int n = static_cast<int>(samples.size());
  int moved = 0;
  bool waiting = false;
  const auto move = [&](int s, uint32_t rank, bool last_of_rank) {
    const TreeSample& sample = samples[static_cast<size_t>(s)];
    if (waiting) best.right_row = sample.row;
    waiting = false;
    left.add(ClassParts{}, sample);
    right.add(ClassParts{}, sample, -1);
    ++moved;
    if (!last_of_rank || moved == n) return;
    if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return;
    const double purity = left.value() + right.value();
    if (!(purity > best.purity)) return;
    waiting = true;
    best = {column, rank, sample.row, 0, 0, purity};
  };
  order_.for_each(ranks_, move);
}

bool SplitFinder::try_random_cut(int column, std::span<const TreeSample> samples, Random& random, Split& best) {
  numbers_.resize(samples.size());
  x_.numbers().take(static_cast<size_t>(column), samples, numbers_.data());
  const auto [least, most] = range_of(numbers_.data(), numbers_.size());
  if (!(least < most)) return false;
  const double share = random.uniform();
  double cut = std::max(least * (1 - share) + most * share, least);
  if (cut >= most) cut = least;  // the largest goes right
  const auto [moved, left_weight] =
      targets_.numbers ? sum_numbers_left(*targets_.numbers, samples, cut) : sum_left(cut);
  const int n = static_cast<int>(samples.size());
  if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return true;
  for (size_t k = 0; k < totals_.size(); ++k) right_[k] = totals_[k] - left_[k];
  const double purity =
      purity_of(limits_.entropy, left_, left_weight) + purity_of(limits_.entropy, right_, weight_ - left_weight);
  if (purity > best.purity) best = {column, 0, 0, 0, cut, purity};
  return true;
}

std::pair<int, double> SplitFinder::sum_left(double cut) {
  int moved = 0;
  double weight = 0;
  size_t s = 0;
  for (size_t k = 0; k < left_.size(); ++k) {
    const size_t end = ends_[k];
    const auto [count, sum] = sum_upto(cut, numbers_.data() + s, weights_.data() + s, end - s);
    s = end;
    left_[k] = sum;
    weight += sum;
    moved += count;
  }
  return {moved, weight};
}

std::pair<int, double> SplitFinder::sum_numbers_left(const Matrix& numbers, std::span<const TreeSample> samples,
                                                     double cut) {
  const size_t width = left_.size() + 1;  // the last is of weights
  beside_.assign(kBeside * width, 0);
  int moved = 0;
  for (size_t s = 0; s < samples.size(); ++s) {
    double* sums = beside_.data() + s % kBeside * width;
    const bool goes = numbers_[s] <= cut;
    const auto row = numbers.row(static_cast<size_t>(samples[s].row));
    for (size_t k = 0; k < row.size(); ++k) sums[k] += goes ? weights_[s] * row[k] : 0;
    sums[width - 1] += goes ? weights_[s] : 0;
    moved += goes;
  }
  const auto total = [&](size_t k) {
    double sum = 0;
    for (size_t i = 0; i < kBeside; ++i) sum += beside_[i * width + k];
    return sum;
  };
  for (size_t k = 0; k < left_.size(); ++k) left_[k] = total(k);
  return {moved, total(left_.size())};
}

}  // namespace lumir::learn
