// See tests_between.h.

#include "evaluate/tests_between.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.h"

namespace lumir::evaluate {
namespace {

/// P(X <= k) for n throws of a coin.
double coin_up_to(int k, int n) {
  double sum = 0;
  for (int i = 0; i <= k; ++i) {
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) - n * std::log(2.0));
  }
  return sum;
}

/// The continued fraction of the incomplete beta function (Lentz's method; Press et al., Numerical Recipes, 6.4).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300, kEnough = 1e-16;
  const auto away_from_zero = [](double number) { return std::abs(number) < kTiny ? kTiny : number; };
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double step = 1;
    for (const double part : {even, odd}) {
      d = 1 / away_from_zero(1 + part * d);
      c = away_from_zero(1 + part / c);
      step = c * d;
      fraction *= step;
    }
    if (std::abs(step - 1) < kEnough) break;
  }
  return fraction;
}

/// The regularised incomplete beta function.
double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/// How likely Student's t lies further from 0, on either side.
double beyond_t(double t, double freedom) { return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)); }

}  // namespace

TestResult mcnemar(std::span<const int> truth, std::span<const int> one, std::span<const int> other, bool exact) {
  if (one.size() != truth.size() || other.size() != truth.size() || truth.empty()) {
    throw ArgumentError("mcnemar: " + std::to_string(truth.size()) + " rows, " + std::to_string(one.size()) +
                        " predictions of the one and " + std::to_string(other.size()) + " of the other");
  }
  int only_one = 0, only_other = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    only_one += one[i] == truth[i] && other[i] != truth[i];
    only_other += one[i] != truth[i] && other[i] == truth[i];
  }
  TestResult result;
  const int n = only_one + only_other;
  result.difference = static_cast<double>(only_one - only_other) / static_cast<double>(truth.size());
  if (exact) {
    result.statistic = std::min(only_one, only_other);
    result.p = std::min(1.0, 2 * coin_up_to(std::min(only_one, only_other), n));
  } else if (n > 0) {
    const double apart = std::abs(only_one - only_other) - 1;
    result.statistic = apart * apart / n;
    result.p = std::erfc(std::sqrt(result.statistic / 2));
  }
  return result;
}

TestResult corrected_t_test(std::span<const double> one, std::span<const double> other, double test_over_train) {
  if (one.size() != other.size()) {
    throw ArgumentError("corrected_t_test: " + std::to_string(one.size()) + " scores of the one and " +
                        std::to_string(other.size()) + " of the other, and each fold must have both");
  }
  if (one.size() < 2) throw ArgumentError("corrected_t_test: needs the scores of at least two rounds");
  const auto n = static_cast<double>(one.size());
  double mean = 0, squares = 0;
  for (size_t i = 0; i < one.size(); ++i) mean += (one[i] - other[i]) / n;
  for (size_t i = 0; i < one.size(); ++i) squares += (one[i] - other[i] - mean) * (one[i] - other[i] - mean);
  TestResult result;
  result.difference = mean;
  if (mean == 0) return result;
  const double variance = (1 / n + test_over_train) * squares / (n - 1);
  result.statistic =
      variance > 0 ? mean / std::sqrt(variance) : std::copysign(std::numeric_limits<double>::infinity(), mean);
  result.p = variance > 0 ? beyond_t(result.statistic, n - 1) : 0;
  return result;
}

}  // namespace lumir::evaluate
