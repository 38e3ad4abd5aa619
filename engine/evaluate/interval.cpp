// Intervals of shares, of other means, and of differences.

#include "evaluate/interval.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>

#include "core/beta.h"
#include "core/parallel.h"
#include "core/random.h"

namespace lumir::evaluate {
namespace {

constexpr double kTail = 0.025;

/// Whether each row is right or wrong as a whole.
bool are_all_or_none(const std::vector<double>& rows) {
  return std::all_of(rows.begin(), rows.end(), [](double row) { return row == 0 || row == 1; });
}

/// How many groups have a count: of rows that are right, that are wrong, of all.
using Counts = std::map<int, int>;

/// Of a share that spreads by `phi` between groups: the logarithm of the product of p + phi
/// j for j below each count.
double rising(const Counts& counts, double p, double phi) {
  double sum = 0;
  for (const auto& [count, groups] : counts) {
    if (count > 0) sum += groups * (log_gamma(p / phi + count) - log_gamma(p / phi) + count * std::log(phi));
  }
  return sum;
}

/// How likely each share is, on a grid that is even in its arc sine: there Jeffreys' prior is flat. Correlations
/// of the rows within a group are taken as alike likely from 0 to 1.
class SharePosterior {
 public:
  SharePosterior(const Counts& right, const Counts& wrong, const Counts& all) : mass_(kShares) {
    std::vector<double> logs(kShares * kCorrelations);
    for (size_t s = 0; s < kShares; ++s) {
      const double p = share_at((static_cast<double>(s) + 0.5) / kShares);
      for (size_t c = 0; c < kCorrelations; ++c) {
        const double correlation = (static_cast<double>(c) + 0.5) / kCorrelations;
        const double phi = correlation / (1 - correlation);
        logs[s * kCorrelations + c] = rising(right, p, phi) + rising(wrong, 1 - p, phi) - rising(all, 1, phi);
      }
    }
    const double most = *std::max_element(logs.begin(), logs.end());
    for (size_t i = 0; i < logs.size(); ++i) mass_[i / kCorrelations] += std::exp(logs[i] - most);
  }

  /// The share below which `part` of the likelihood lies.
  double quantile(double part) const {
    double left = part * std::accumulate(mass_.begin(), mass_.end(), 0.0);
    size_t s = 0;
    while (s + 1 < kShares && left > mass_[s]) left -= mass_[s++];
    return share_at((static_cast<double>(s) + left / mass_[s]) / kShares);
  }

 private:
  static constexpr size_t kShares = 400, kCorrelations = 20;
  static double share_at(double place) { return std::pow(std::sin(place * std::numbers::pi / 2), 2); }
  std::vector<double> mass_;
};

Interval share_interval(const std::vector<double>& rows, const Groups& groups) {
  Counts right, wrong, all;
  double sum = 0;
  for (const auto& members : groups.members()) {
    int hits = 0;
    for (const int row : members) hits += rows[static_cast<size_t>(row)] == 1;
    const int size = static_cast<int>(members.size());
    ++right[hits];
    ++wrong[size - hits];
    ++all[size];
    sum += hits;
  }
  const SharePosterior posterior(right, wrong, all);
  const double value = sum / static_cast<double>(rows.size());
  // large groups may differ from small ones, and all rows or none may be right: the
  // estimate belongs to its interval
  return {value, std::min(value, posterior.quantile(kTail)), std::max(value, posterior.quantile(1 - kTail))};
}

/// Subsets of groups: every one where there are few groups, else draws in which each
/// group is as likely in as out.
class Subsets {
 public:
  Subsets(size_t groups, uint64_t seed, size_t draws = 3999) : groups_(groups), seed_(seed), draws_(draws) {}
  /// Without the empty one where all are there.
  size_t count() const { return exact() ? (size_t{1} << groups_) - 1 : draws_; }

  /// Calls use(group) for each group of a subset.
  template <class Use>
  void each(size_t subset, const Use& use) const {
    if (exact()) {
      for (size_t g = 0; g < groups_; ++g) {
        if ((subset + 1) >> g & 1) use(g);
      }
      return;
    }
    Random random(seed_, subset + 1);
    uint32_t bits = 0;
    for (size_t g = 0; g < groups_; ++g, bits >>= 1) {
      if (g % 32 == 0) bits = random.next();
      if (bits & 1) use(g);
    }
  }

 private:
  static constexpr size_t kMostExact = 12;
  bool exact() const { return groups_ <= kMostExact; }
  size_t groups_;
  uint64_t seed_;
  size_t draws_;
};

/// Sums of each group's rows, and how many these are.
struct Sums {
  std::vector<double> sums, sizes;

  Sums(const std::vector<double>& rows, const Groups& groups) {
    for (const auto& members : groups.members()) {
      double sum = 0;
      for (const int row : members) sum += rows[static_cast<size_t>(row)];
      sums.push_back(sum);
      sizes.push_back(static_cast<double>(members.size()));
    }
  }
  double mean() const {
    return std::accumulate(sums.begin(), sums.end(), 0.0) / std::accumulate(sizes.begin(), sizes.end(), 0.0);
  }
};

/// The middle 95 % of numbers around `value`; without limits where they are too few for that.
Interval middle_of(std::vector<double> numbers, double value) {
  const auto beyond = static_cast<size_t>(kTail * static_cast<double>(numbers.size() + 1));
  if (beyond == 0) return {value};
  std::sort(numbers.begin(), numbers.end());
  return {value, std::min(value, numbers[beyond - 1]), std::max(value, numbers[numbers.size() - beyond])};
}

/// The middle 95 % of the means of subsets of groups; without limits where there are too few subsets for that.
Interval typical_interval(const Sums& of, double value, uint64_t seed) {
  const Subsets subsets(of.sums.size(), seed);
  std::vector<double> means;
  for (size_t i = 0; i < subsets.count(); ++i) {
    double sum = 0, size = 0;
    subsets.each(i, [&](size_t g) {
      sum += of.sums[g];
      size += of.sizes[g];
    });
    if (size > 0) means.push_back(sum / size);
  }
  return middle_of(std::move(means), value);
}

/// The same of a number that is no mean, measured anew on each subset; in fewer draws, because that takes longer.
Interval measured_interval(const metric::Measurer& measurer, const Groups& groups, double value, uint64_t seed) {
  constexpr size_t kDraws = 999;
  const Subsets subsets(groups.count(), seed, kDraws);
  size_t rows = 0;
  for (const auto& members : groups.members()) rows += members.size();
  std::vector<double> found(subsets.count());
  parallel_for(found.size(), [&](size_t i) {
    std::vector<double> weights(rows);
    bool any = false;
    subsets.each(i, [&](size_t g) {
      any = true;
      for (const int row : groups.members()[g]) weights[static_cast<size_t>(row)] = 1;
    });
    found[i] = any ? *measurer(weights).number() : std::nan("");
  });
  std::erase_if(found, [](double number) { return std::isnan(number); });
  return middle_of(std::move(found), value);
}

constexpr size_t kFewestForDifference = 6;

}  // namespace

Groups::Groups(const std::vector<std::string>& groups, size_t n_rows) {
  if (groups.empty()) {
    for (size_t i = 0; i < n_rows; ++i) members_.push_back({static_cast<int>(i)});
    return;
  }
  std::map<std::string, std::vector<int>> by_group;
  for (size_t i = 0; i < groups.size(); ++i) by_group[groups[i]].push_back(static_cast<int>(i));
  for (auto& [group, rows] : by_group) members_.push_back(std::move(rows));
}

Interval interval_of(const metric::Measurer& measurer, const Groups& groups, uint64_t seed) {
  const double value = *measurer().number();
  const std::vector<double>* rows = measurer.rows();
  if (groups.count() < 2) return {value};
  if (measurer.is_smooth()) return measured_interval(measurer, groups, value, seed);
  if (!rows) return {value};
  const bool counted = measurer.is_share() && are_all_or_none(*rows);
  return counted ? share_interval(*rows, groups) : typical_interval(Sums(*rows, groups), value, seed);
}

/// Two recordings more stand for what was not seen: each model is right alone on one. Else models that happen to
/// agree everywhere would differ by exactly nothing.
Interval difference_interval(const std::vector<double>& rows, const Groups& groups, uint64_t seed) {
  Sums of(rows, groups);
  const double value = of.mean();
  if (groups.count() < kFewestForDifference) return {value};
  double most = 0;
  for (const double row : rows) most = std::max(most, std::abs(row));
  for (const double unseen : {-1.0, 1.0}) {
    of.sums.push_back(unseen * (most > 0 ? most : 1));
    of.sizes.push_back(1);
  }
  return typical_interval(of, value, seed);
}

double swap_test(const std::function<double(const std::vector<bool>& rows)>& swapped, const Groups& groups,
                 size_t n_rows, uint64_t seed) {
  const double seen = std::abs(swapped(std::vector<bool>(n_rows))) * (1 - 1e-12);
  const Subsets subsets(groups.count(), seed);
  size_t as_far = 1;
  for (size_t i = 0; i < subsets.count(); ++i) {
    std::vector<bool> rows(n_rows);
    subsets.each(i, [&](size_t g) {
      for (const int row : groups.members()[g]) rows[static_cast<size_t>(row)] = true;
    });
    as_far += std::abs(swapped(rows)) >= seen;
  }
  return static_cast<double>(as_far) / static_cast<double>(subsets.count() + 1);
}

}  // namespace lumir::evaluate
