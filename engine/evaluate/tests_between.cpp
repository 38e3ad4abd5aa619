// See tests_between.h.

#include "evaluate/tests_between.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/beta.h"
#include "core/error.h"

namespace lumir::evaluate {
namespace {

/// P(X <= k) for n throws of a coin.
double coin_up_to(int k, int n) {
  double sum = 0;
  for (int i = 0; i <= k; ++i) {
    sum += std::exp(log_gamma(n + 1.0) - log_gamma(i + 1.0) - log_gamma(n - i + 1.0) - n * std::log(2.0));
  }
  return sum;
}

/// How likely Student's t lies further from 0, on either side.
double beyond_t(double t, double freedom) { return beta_distribution(freedom / 2, 0.5, freedom / (freedom + t * t)); }

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
