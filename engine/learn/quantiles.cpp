// Quantiles.

#include "learn/quantiles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lumir::learn {

double percentile(std::vector<double>& values, double percent) {
  const double place = static_cast<double>(values.size() - 1) * percent / 100;
  const size_t below = static_cast<size_t>(place);
  const double t = place - static_cast<double>(below);
  const auto low = values.begin() + static_cast<ptrdiff_t>(below);
  std::nth_element(values.begin(), low, values.end());
  if (t == 0) return *low;
  const double a = *low, b = *std::min_element(low + 1, values.end());
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

double quantile_of_sorted(const std::vector<double>& values, double share) {
  const double place = static_cast<double>(values.size() - 1) * share;
  const auto below = static_cast<size_t>(place);
  const double t = place - static_cast<double>(below);
  if (t == 0 || below + 1 >= values.size()) return values[below];
  const double a = values[below], b = values[below + 1];
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

/// By bisection of the distribution function.
double normal_quantile(double share) {
  double low = -40, high = 40;
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace lumir::learn
