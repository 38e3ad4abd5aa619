// Statistics of rows, in double sums over lanes.

#include "feature/statistics.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "feature/plan/terms.h"
#include "signal/kernel.h"
#include "signal/wide.h"

namespace lumir::feature {
namespace {

/// Sums of a row's distances from `center` and of their squares, both in double.
struct Moments {
  Doubles first{};
  Doubles second{};

  /// kLanes neighbours.
  void add(const float* numbers, double center) {
    for (int half = 0; half < 2; ++half) {
      const Doubles distance = load_wide(numbers + half * kDoubles) - center;
      first += distance;
      second += distance * distance;
    }
  }
};

}  // namespace

RowStatistics row_statistics(const float* row, long n) {
  // distances from the first number keep the sums of squares free of cancellation
  const float center = row[0];
  Moments moments;
  Lanes top = splat(center), bottom = splat(center);
  long t = 0;
  for (; t + kLanes <= n; t += kLanes) {
    const Lanes values = load(row + t);
    top = max(values, top);
    bottom = min(values, bottom);
    moments.add(row + t, center);
  }
  double first = 0, second = 0;
  for (int i = 0; i < kDoubles; ++i) {
    first += moments.first[i];
    second += moments.second[i];
  }
  float greatest = largest(top), least = -largest(-bottom);
  for (; t < n; ++t) {
    const double distance = static_cast<double>(row[t]) - center;
    first += distance;
    second += distance * distance;
    greatest = std::max(greatest, row[t]);
    least = std::min(least, row[t]);
  }
  const double shift = first / static_cast<double>(n);
  const double variance = std::max(0.0, second / static_cast<double>(n) - shift * shift);
  return {center + shift, variance, std::sqrt(variance), greatest, least};
}
LUMIR_KERNEL(row_statistics);

RowShape row_shape(const float* row, long n, double mean) {
  Doubles second{}, third{}, fourth{};
  long t = 0;
  for (; t + kDoubles <= n; t += kDoubles) {
    const Doubles distance = load_wide(row + t) - mean;
    const Doubles square = distance * distance;
    second += square;
    third += square * distance;
    fourth += square * square;
  }
  double m2 = 0, m3 = 0, m4 = 0;
  for (int i = 0; i < kDoubles; ++i) {
    m2 += second[i];
    m3 += third[i];
    m4 += fourth[i];
  }
  for (; t < n; ++t) {
    const double distance = row[t] - mean;
    m2 += distance * distance;
    m3 += distance * distance * distance;
    m4 += distance * distance * distance * distance;
  }
  if (m2 == 0) return {};
  const auto count = static_cast<double>(n);
  m2 /= count;
  return {m3 / count / (m2 * std::sqrt(m2)), m4 / count / (m2 * m2) - 3};
}
LUMIR_KERNEL(row_shape);

RowStatistics statistics_of(std::span<const float> row) {
  return best(&row_statistics)(row.data(), static_cast<long>(row.size()));
}

RowShape shape_of(std::span<const float> row, double mean) {
  return best(&row_shape)(row.data(), static_cast<long>(row.size()), mean);
}

std::vector<float> sorted(std::span<const float> row) {
  std::vector<float> numbers(row.begin(), row.end());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

double quantile_of(const std::vector<float>& numbers, double share) {
  const double place = share * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, numbers.size() - 1);
  const double part = place - static_cast<double>(below);
  return numbers[below] + part * (static_cast<double>(numbers[above]) - numbers[below]);
}

double median_of(std::span<const float> row) {
  std::vector<float> numbers(row.begin(), row.end());
  const auto middle = numbers.begin() + static_cast<long>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  if (numbers.size() % 2 == 1) return *middle;
  return (static_cast<double>(*middle) + *std::max_element(numbers.begin(), middle)) / 2;
}

#ifndef LUMIR_KERNELS_ONLY
namespace {

const std::vector<std::string> kWords = {"mean", "std", "var", "max", "min", "median", "skew", "kurtosis"};

}  // namespace

Statistic::Statistic(const std::string& word, const std::string& who) : word_(word) {
  if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return;
  double percent = -1;
  const char* end = word.data() + word.size();
  const bool number = word.size() > 1 && word[0] == 'q' && std::from_chars(word.data() + 1, end, percent).ptr == end;
  if (number && percent >= 0 && percent <= 100) {
    share_ = percent / 100;
    return;
  }
  std::string known;
  for (const auto& name : kWords) known += "'" + name + "', ";
  throw ArgumentError(who + ": '" + word + "' is none of " + known + "nor a quantile from 'q0' to 'q100'" +
                      did_you_mean(word, kWords));
}

std::vector<double> statistics_of(std::span<const float> row, const std::vector<Statistic>& wanted) {
  const auto asked = [&](auto matches) { return std::any_of(wanted.begin(), wanted.end(), matches); };
  const bool quantiles = asked([](const Statistic& one) { return one.share_ >= 0; });
  const bool shapes = asked([](const Statistic& one) { return one.word_ == "skew" || one.word_ == "kurtosis"; });
  const RowStatistics plain = statistics_of(row);
  const RowShape shape = shapes ? shape_of(row, plain.mean) : RowShape{};
  const std::vector<float> numbers = quantiles ? sorted(row) : std::vector<float>{};
  std::vector<double> values;
  for (const auto& one : wanted) {
    if (one.share_ >= 0) values.push_back(quantile_of(numbers, one.share_));
    if (one.word_ == "mean") values.push_back(plain.mean);
    if (one.word_ == "std") values.push_back(plain.deviation);
    if (one.word_ == "var") values.push_back(plain.variance);
    if (one.word_ == "max") values.push_back(plain.greatest);
    if (one.word_ == "min") values.push_back(plain.least);
    if (one.word_ == "skew") values.push_back(shape.skewness);
    if (one.word_ == "kurtosis") values.push_back(shape.kurtosis);
    if (one.word_ == "median") values.push_back(quantiles ? quantile_of(numbers, 0.5) : median_of(row));
  }
  return values;
}
#endif

}  // namespace lumir::feature
