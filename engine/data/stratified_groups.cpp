// NumPy's sums, and what StratifiedGroupKFold does with them. Compiled without fused products, which would round once
// where NumPy rounds twice.

#include "data/stratified_groups.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace lumir::data {
namespace {

using Rows = std::vector<std::vector<double>>;

/// Of numbers that lie beside each other: one after the other below 8, eight sums side by side up to 128, then halves.
double sum(std::span<const double> x) {
  constexpr size_t kLanes = 8, kBlock = 128;
  const size_t n = x.size();
  if (n < kLanes) return std::accumulate(x.begin(), x.end(), 0.0);
  if (n > kBlock) {
    const size_t half = n / 2 - n / 2 % kLanes;
    return sum(x.first(half)) + sum(x.subspan(half));
  }
  double lane[kLanes];
  std::copy_n(x.begin(), kLanes, lane);
  size_t i = kLanes;
  for (; i < n - n % kLanes; i += kLanes) {
    for (size_t k = 0; k < kLanes; ++k) lane[k] += x[i + k];
  }
  double total = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
  for (; i < n; ++i) total += x[i];
  return total;
}

/// numpy.std of one row.
double deviation(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  const double mean = sum(x) / n;
  std::vector<double> squares;
  for (const double value : x) squares.push_back((value - mean) * (value - mean));
  return std::sqrt(sum(squares) / n);
}

/// numpy.std of one column, which NumPy sums from the top.
double deviation_down(const Rows& rows, size_t column) {
  const auto n = static_cast<double>(rows.size());
  double total = 0, squares = 0;
  for (const auto& row : rows) total += row[column];
  const double mean = total / n;
  for (const auto& row : rows) squares += (row[column] - mean) * (row[column] - mean);
  return std::sqrt(squares / n);
}

/// numpy.isclose.
bool is_close(double a, double b) { return std::isfinite(b) && std::fabs(a - b) <= 1e-8 + 1e-5 * std::fabs(b); }

/// Rows of the classes that occur.
Rows present(const std::vector<std::vector<long>>& counts) {
  std::vector<long> sizes(counts.empty() ? 0 : counts.front().size());
  for (const auto& row : counts) std::transform(row.begin(), row.end(), sizes.begin(), sizes.begin(), std::plus());
  Rows rows(counts.size());
  for (size_t group = 0; group < counts.size(); ++group) {
    for (size_t c = 0; c < sizes.size(); ++c) {
      if (sizes[c] > 0) rows[group].push_back(static_cast<double>(counts[group][c]));
    }
  }
  return rows;
}

/// The most uneven first; equal ones as they came.
std::vector<size_t> dealing_order(const Rows& groups) {
  std::vector<double> uneven;
  for (const auto& row : groups) uneven.push_back(deviation(row));
  std::vector<size_t> order(groups.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return uneven[a] > uneven[b]; });
  return order;
}

/// What the folds hold of each class so far, as counts and as shares of the class.
class Hands {
 public:
  Hands(const Rows& groups, int folds)
      : sizes_(groups.front().size()),
        counts_(static_cast<size_t>(folds), std::vector<double>(sizes_.size())),
        shares_(counts_) {
    for (const auto& row : groups) std::transform(row.begin(), row.end(), sizes_.begin(), sizes_.begin(), std::plus());
  }

  void give(size_t fold, const std::vector<double>& group) {
    for (size_t c = 0; c < group.size(); ++c) {
      counts_[fold][c] += group[c];
      shares_[fold][c] = counts_[fold][c] / sizes_[c];
    }
  }

  /// The fold that would leave the classes most even; of close ones the emptier, the first of those.
  size_t best_for(const std::vector<double>& group) {
    size_t best = 0;
    double least = INFINITY, fewest = INFINITY;
    for (size_t fold = 0; fold < counts_.size(); ++fold) {
      const double uneven = unevenness_with(fold, group);
      const double rows = std::accumulate(counts_[fold].begin(), counts_[fold].end(), 0.0);
      if (uneven < least || (is_close(uneven, least) && rows < fewest)) {
        best = fold;
        least = uneven;
        fewest = rows;
      }
    }
    return best;
  }

 private:
  double unevenness_with(size_t fold, const std::vector<double>& group) {
    const std::vector<double> before = shares_[fold];
    std::vector<double> deviations;
    for (size_t c = 0; c < group.size(); ++c) shares_[fold][c] = (counts_[fold][c] + group[c]) / sizes_[c];
    for (size_t c = 0; c < group.size(); ++c) deviations.push_back(deviation_down(shares_, c));
    shares_[fold] = before;
    return sum(deviations) / static_cast<double>(deviations.size());
  }

  std::vector<double> sizes_;  // rows of each class
  Rows counts_, shares_;       // [fold][class]
};

}  // namespace

std::vector<int> deal_stratified(const std::vector<std::vector<long>>& counts, int folds) {
  const Rows groups = present(counts);
  Hands hands(groups, folds);
  std::vector<int> fold_of(groups.size());
  for (const size_t group : dealing_order(groups)) {
    const size_t fold = hands.best_for(groups[group]);
    fold_of[group] = static_cast<int>(fold);
    hands.give(fold, groups[group]);
  }
  return fold_of;
}

}  // namespace lumir::data
