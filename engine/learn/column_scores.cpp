// F values, chi-square, mutual information.

#include "learn/column_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/parallel.h"
#include "core/random.h"

namespace lumir::learn {
namespace {

/// The F value of a column: variance between classes over variance within. NaN for a constant column, infinite for
/// one that is constant in every class. All is counted from values of the column, so that an offset takes no digits
/// away and what is constant has a variance of exactly 0; the largest distance is 1, so that no square is infinite.
double f_value(const Matrix& x, size_t column, const std::vector<int>& y, const std::vector<int>& counts) {
  double scale = 0;
  for (size_t i = 0; i < x.rows; ++i) scale = std::max(scale, std::abs(x(i, column) / 2 - x(0, column) / 2));
  if (scale == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto distance = [&](double value, double from) { return (value / 2 - from / 2) / scale; };

  std::vector<double> first(counts.size()), mean(counts.size());
  std::vector<bool> seen(counts.size());
  for (size_t i = 0; i < x.rows; ++i) {
    const auto c = static_cast<size_t>(y[i]);
    if (!seen[c]) first[c] = x(i, column);
    seen[c] = true;
    mean[c] += distance(x(i, column), first[c]) / counts[c];
  }
  double within = 0, between = 0, middle = 0, classes = 0;
  for (size_t i = 0; i < x.rows; ++i) {
    const auto c = static_cast<size_t>(y[i]);
    const double off = distance(x(i, column), first[c]) - mean[c];
    within += off * off;
  }
  const auto n = static_cast<double>(x.rows);
  const auto place = [&](size_t c) { return distance(first[c], x(0, column)) + mean[c]; };
  for (size_t c = 0; c < counts.size(); ++c) middle += counts[c] > 0 ? counts[c] * place(c) / n : 0;
  for (size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0) continue;
    between += counts[c] * (place(c) - middle) * (place(c) - middle);
    classes += 1;
  }
  return (between / (classes - 1)) / (within / (n - classes));
}

/// How far the sums of a column in each class are from what the classes' shares of the rows would give.
double chi_square(const std::string& who, const Matrix& x, size_t column, const std::vector<int>& y,
                  const std::vector<int>& counts) {
  std::vector<double> observed(counts.size());
  double all = 0;
  for (size_t i = 0; i < x.rows; ++i) {
    if (x(i, column) < 0) {
      throw ArgumentError(who + ": 'chi2' needs numbers of 0 or more, got " + show_number(x(i, column)) +
                          " in column " + std::to_string(column + 1) + " of row " + std::to_string(i + 1));
    }
    observed[static_cast<size_t>(y[i])] += x(i, column);
    all += x(i, column);
  }
  double sum = 0;
  for (size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0) continue;
    const double expected = counts[c] / static_cast<double>(x.rows) * all;
    sum += (observed[c] - expected) * (observed[c] - expected) / expected;
  }
  return sum;
}

/// Bernardo's approximation (1976) after the recurrence.
double digamma(double x) {
  double sum = 0;
  for (; x < 10; x += 1) sum -= 1 / x;
  const double r = 1 / (x * x);
  return sum + std::log(x) - 1 / (2 * x) -
         r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r / 132))));
}

/// The distance from sorted[at] to its k-th nearest; k is below their number.
double kth_distance(const std::vector<double>& sorted, size_t at, size_t k) {
  size_t low = at, high = at;
  double distance = 0;
  for (size_t n = 0; n < k; ++n) {
    const double below = low > 0 ? sorted[at] - sorted[low - 1] : std::numeric_limits<double>::infinity();
    const double above =
        high + 1 < sorted.size() ? sorted[high + 1] - sorted[at] : std::numeric_limits<double>::infinity();
    distance = std::min(below, above);
    below <= above ? --low : ++high;
  }
  return distance;
}

/// What a column and the classes tell of each other, in nats: Ross, Mutual Information between Discrete and
/// Continuous Data Sets (2014).
double mutual_information(std::vector<double> column, const std::vector<int>& y, size_t classes, size_t neighbours,
                          Random random) {
  const double n = static_cast<double>(column.size());
  double mean = 0, squares = 0, size = 0;
  for (const double value : column) mean += value / n;
  for (const double value : column) {
    squares += (value - mean) * (value - mean) / n;
    size += std::fabs(value) / n;
  }
  if (squares == 0) return 0;
  const double deviation = std::sqrt(squares), noise = 1e-10 * std::max(1.0, size / deviation);
  for (double& value : column) value = value / deviation + noise * random.normal();
  std::vector<std::vector<double>> of_class(classes);
  for (size_t i = 0; i < column.size(); ++i) of_class[static_cast<size_t>(y[i])].push_back(column[i]);
  std::vector<double> all;  // of classes that have more than one row
  for (auto& members : of_class) {
    std::sort(members.begin(), members.end());
    if (members.size() > 1) all.insert(all.end(), members.begin(), members.end());
  }
  std::sort(all.begin(), all.end());
  double sum = 0;
  for (const auto& members : of_class) {
    if (members.size() < 2) continue;
    const size_t k = std::min(neighbours, members.size() - 1);
    for (size_t at = 0; at < members.size(); ++at) {
      const double radius = std::nextafter(kth_distance(members, at, k), 0.0);
      // differences, as they are rounded: one that is not below the k-th nearest's does not count
      const auto low = std::partition_point(all.begin(), all.end(), [&](double v) { return members[at] - v > radius; });
      const auto high = std::partition_point(low, all.end(), [&](double v) { return v - members[at] <= radius; });
      sum += digamma(static_cast<double>(k)) - digamma(static_cast<double>(members.size())) -
             digamma(static_cast<double>(high - low));
    }
  }
  const double counted = static_cast<double>(all.size());
  return all.empty() ? 0 : std::max(0.0, digamma(counted) + sum / counted);
}

}  // namespace

std::vector<double> column_scores(const std::string& who, const Training& training, const ColumnScoreOptions& options) {
  const auto counts = check_classes(who, training);
  const Matrix& x = training.x;
  const uint64_t seed = seed_or_global(options.seed);
  std::vector<double> scores(x.columns);
  parallel_for(x.columns, [&](size_t column) {
    if (options.score_func == "f_classif") {
      scores[column] = f_value(x, column, training.y, counts);
    } else if (options.score_func == "chi2") {
      scores[column] = chi_square(who, x, column, training.y, counts);
    } else {
      std::vector<double> values;
      for (size_t i = 0; i < x.rows; ++i) values.push_back(x(i, column));
      scores[column] = mutual_information(std::move(values), training.y, counts.size(),
                                          static_cast<size_t>(options.mi_neighbors), Random(seed, column));
    }
  });
  return scores;
}

std::vector<int> highest_columns(const std::vector<double>& scores, size_t k) {
  std::vector<int> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  const auto rank_value = [&](int column) {
    const double score = scores[static_cast<size_t>(column)];
    return std::isnan(score) ? std::numeric_limits<double>::lowest() : score;
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return rank_value(a) < rank_value(b); });
  return {order.end() - static_cast<ptrdiff_t>(k), order.end()};
}

}  // namespace lumir::learn
