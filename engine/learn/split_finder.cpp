// The impurity of both sides follows from the sums of squared totals, which change by one product a sample.
//
// Gini's measure of classes is the variance of numbers that are 1 for a row's own class and 0 for all
// others. So what finds cuts for classes finds those of least squares for numbers: only what a sample
// adds to the totals differs.

#include "learn/split_finder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lumir::learn {
namespace {

constexpr double kClose = 1e-12;  // relative difference of purities that rounding may make
constexpr size_t kNear = 128;     // samples whose numbers in the next column are brought near
constexpr size_t kMany = 1024;    // samples from which a column is cut by buckets
constexpr size_t kBeside = 4;     // sums that are taken in turns: none waits for the one before it

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

double log_term(double x) { return x > 0 ? x * std::log(x) : 0; }

/// How pure a side is, times its weight: the less mixed, the larger. Gini's is the sum of squared totals over the
/// weight; entropy's is its negative, from weights times their logarithms.
double purity_of(bool entropy, std::span<const double> totals, double weight) {
  if (weight <= 0) return 0;
  double sum = 0;
  for (const double total : totals) sum += entropy ? log_term(total) : total * total;
  return entropy ? sum - log_term(weight) : sum / weight;
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
  double value() const { return weight_ <= 0 ? 0 : entropy_ ? sum_ - log_term(weight_) : sum_ / weight_; }
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
  Purity all(limits_.entropy, totals_);
  all.clear();
  power_ = 0;
  if (targets_.numbers) {
    const NumberParts parts{*targets_.numbers};
    for (const auto& sample : samples) {
      all.add(parts, sample);
      for (const double number : targets_.numbers->row(static_cast<size_t>(sample.row))) {
        power_ += sample.weight * number * number;
      }
    }
  } else {
    for (const auto& sample : samples) all.add(ClassParts{}, sample);
    power_ = all.weight();
  }
  weight_ = all.weight();
  purity_ = all.value();
  squares_ = 0;
  for (const double total : totals_) squares_ += total * total;
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
  const auto draw = [&](size_t n) {
    const size_t other = n + random.below(static_cast<uint32_t>(columns_.size() - n));
    std::swap(columns_[n], columns_[other]);
    drawn_.push_back(other);
    if (samples.size() <= kNear) x_.bring_near(static_cast<size_t>(columns_[n]), samples);
  };
  draw(0);
  for (size_t n = 0; n < columns_.size(); ++n) {
    if (n >= static_cast<size_t>(limits_.max_features) && varied) break;
    if (n + 1 < columns_.size()) draw(n + 1);  // one ahead
    varied |= try_any(columns_[n], samples, random, best);
  }
  for (size_t n = drawn_.size(); n-- > 0;) std::swap(columns_[n], columns_[drawn_[n]]);
  return best;
}

bool SplitFinder::try_any(int column, std::span<const TreeSample> samples, Random& random, Split& best) {
  if (targets_.numbers) {
    const NumberParts parts{*targets_.numbers};
    return limits_.random_cuts ? try_random_cut(parts, column, samples, random, best)
                               : try_column(parts, column, samples, best);
  }
  if (limits_.random_cuts) return try_random_cut(ClassParts{}, column, samples, random, best);
  if (limits_.entropy) return try_column_by_entropy(column, samples, best);
  if (samples.size() > kMany) return try_buckets(column, samples, best);
  return try_column(ClassParts{}, column, samples, best);
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

template <class Parts>
bool SplitFinder::try_column(const Parts& parts, int column, std::span<const TreeSample> samples, Split& best) {
  std::fill(left_.begin(), left_.end(), 0);
  std::copy(totals_.begin(), totals_.end(), right_.begin());
  double left_squares = 0, right_squares = squares_, left_weight = 0;
  const int n = static_cast<int>(samples.size());
  int moved = 0;
  bool varied = false, waiting = false;
  uint32_t waiting_rank = 0;
  double waiting_purity = -std::numeric_limits<double>::infinity();
  const auto move = [&](int s, uint32_t rank, bool last_of_rank) {
    if (waiting) {  // the cut before this rank was better than all so far: now its right edge is known
      best = {column, waiting_rank, middle(column, waiting_rank, rank), waiting_purity};
      waiting = false;
    }
    const TreeSample& sample = samples[static_cast<size_t>(s)];
    parts.each(sample, [&](size_t k, double part) {
      left_squares += part * (2 * left_[k] + part);
      right_squares += part * (part - 2 * right_[k]);
      left_[k] += part;
      right_[k] -= part;
    });
    left_weight += sample.weight;
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

bool SplitFinder::try_buckets(int column, std::span<const TreeSample> samples, Split& best) {
  if (!buckets_.look_at(x_.ranks(static_cast<size_t>(column)), samples)) return false;
  if (const auto cut = buckets_.best_above(best.purity, samples, totals_, limits_.min_samples_leaf)) {
    best = {column, cut->last_left, middle(column, cut->last_left, cut->first_right), cut->purity};
  }
  return true;
}

bool SplitFinder::try_column_by_entropy(int column, std::span<const TreeSample> samples, Split& best) {
  Purity left(true, left_), right(true, right_);
  left.clear();
  right.clear();
  for (const auto& sample : samples) right.add(ClassParts{}, sample);
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
    left.add(ClassParts{}, sample);
    right.add(ClassParts{}, sample, -1);
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

template <class Parts>
bool SplitFinder::try_random_cut(const Parts& parts, int column, std::span<const TreeSample> samples, Random& random,
                                 Split& best) {
  const auto numbers = x_.numbers(static_cast<size_t>(column));
  numbers_.resize(samples.size());
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (size_t s = 0; s < samples.size(); ++s) {
    const double number = numbers_[s] = numbers[static_cast<size_t>(samples[s].row)];
    least = std::min(least, number);
    most = std::max(most, number);
  }
  if (!(least < most)) return false;
  const double share = random.uniform();
  double cut = std::max(least * (1 - share) + most * share, least);
  if (cut >= most) cut = least;  // the largest goes right
  const auto [moved, left_weight] = sum_left(parts, samples, cut);
  const int n = static_cast<int>(samples.size());
  if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return true;
  for (size_t k = 0; k < totals_.size(); ++k) right_[k] = totals_[k] - left_[k];
  const double purity =
      purity_of(limits_.entropy, left_, left_weight) + purity_of(limits_.entropy, right_, weight_ - left_weight);
  if (purity > best.purity) best = {column, 0, cut, purity};
  return true;
}

template <class Parts>
std::pair<int, double> SplitFinder::sum_left(const Parts& parts, std::span<const TreeSample> samples, double cut) {
  const size_t width = left_.size() + 1;  // the last is of weights
  beside_.assign(kBeside * width, 0);
  int moved = 0;
  for (size_t s = 0; s < samples.size(); ++s) {
    double* sums = beside_.data() + s % kBeside * width;
    const bool goes = numbers_[s] <= cut;
    parts.each(samples[s], [&](size_t k, double part) { sums[k] += goes ? part : 0; });
    sums[width - 1] += goes ? samples[s].weight : 0;
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
