// Statistics of rows, in double sums over lanes.

#include "feature/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "feature/kernel.h"
#include "feature/wide.h"

namespace lumir::feature {
namespace {

/// Sums of a row's distances from `center` and of their squares, both in double.
struct Moments {
  Doubles first{};
  Doubles second{};

  void add(Lanes distance) {
    float parts[kLanes];
    store(parts, distance);
    for (int half = 0; half < 2; ++half) {
      const Doubles wide = load_wide(parts + half * kDoubles);
      first += wide;
      second += wide * wide;
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
    moments.add(values - center);
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
  const double variance = second / static_cast<double>(n) - shift * shift;
  return {center + shift, std::sqrt(std::max(0.0, variance)), greatest, least};
}
LUMIR_KERNEL(row_statistics);

RowStatistics statistics_of(std::span<const float> row) {
  return best(&row_statistics)(row.data(), static_cast<long>(row.size()));
}

double median_of(std::span<const float> row) {
  std::vector<float> sorted(row.begin(), row.end());
  const auto middle = sorted.begin() + static_cast<long>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (sorted.size() % 2 == 1) return *middle;
  return (static_cast<double>(*middle) + *std::max_element(sorted.begin(), middle)) / 2;
}

}  // namespace lumir::feature
