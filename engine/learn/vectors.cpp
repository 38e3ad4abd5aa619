// Loops over long rows.

#include "learn/vectors.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "learn/vectorised.h"

namespace lumir::learn {

namespace {

/// The sum of what add(a's four, b's four, sum) adds. Four sums in turns: none waits for the one before it.
template <class Add>
[[gnu::always_inline]] inline double sum_of_pairs(const double* a, const double* b, size_t n, const Add& add) {
  constexpr size_t kSums = 4, kWide = 4, kStep = kSums * kWide;
  Four sums[kSums], x, y;
#pragma GCC unroll 4
  for (size_t s = 0; s < kSums; ++s) sums[s] = Four{};
  size_t i = 0;
  for (; i + kStep <= n; i += kStep) {
#pragma GCC unroll 4
    for (size_t s = 0; s < kSums; ++s) {
      load(a + i + s * kWide, x);
      load(b + i + s * kWide, y);
      add(x, y, sums[s]);
    }
  }
  for (; i + kWide <= n; i += kWide) {
    load(a + i, x);
    load(b + i, y);
    add(x, y, sums[0]);
  }
  const Four four = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double sum = (four[0] + four[1]) + (four[2] + four[3]);
  for (; i < n; ++i) add(a[i], b[i], sum);
  return sum;
}

}  // namespace

LUMIR_VECTORISED double dot(const double* a, const double* b, size_t n) {
  return sum_of_pairs(
      a, b, n, [](const auto& x, const auto& y, auto& sum) __attribute__((always_inline)) { sum += x * y; });
}

LUMIR_VECTORISED void add_scaled(double factor, const double* x, double* w, size_t n) {
#pragma omp simd
  for (size_t i = 0; i < n; ++i) w[i] += factor * x[i];
}

LUMIR_VECTORISED double squared_distance(const double* a, const double* b, size_t n) {
  return sum_of_pairs(
      a, b, n,
      [](const auto& x, const auto& y, auto& sum) __attribute__((always_inline)) { sum += (x - y) * (x - y); });
}

LUMIR_VECTORISED double sum_of_differences(const double* a, const double* b, size_t n) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; ++i) sum += std::fabs(a[i] - b[i]);
  return sum;
}

namespace {

/// Taylor's series of e^x, whose terms from x^`term` on are bracketed: 1 + x (1 + x/2 (1 + x/3 ...)), multiplied out.
template <int term, int last>
[[gnu::always_inline]] inline double series(double x, double inverse_factorial = 1) {
  if constexpr (term == last) {
    return inverse_factorial;
  } else {
    return series<term + 1, last>(x, inverse_factorial / (term + 1)) * x + inverse_factorial;
  }
}

}  // namespace

// e^x = 2^whole * e^rest, rest by Taylor's series; a sum with kShift has the whole number in its last bits
LUMIR_VECTORISED void exponentials(double* x, size_t n) {
  constexpr double kShift = 0x1.8p52, kLn2High = 6.93145751953125e-1, kLn2Low = 1.42860682030941723212e-6;
  // a loop of their own: GCC does not widen the other one with a choice in it
#pragma omp simd
  for (size_t i = 0; i < n; ++i) {
    const double at = x[i] < -708 ? -708 : x[i];
    x[i] = at > 709 ? 709 : at;
  }
#pragma omp simd
  for (size_t i = 0; i < n; ++i) {
    const double at = x[i], shifted = at * std::numbers::log2e + kShift, whole = shifted - kShift;
    const double rest = at - whole * kLn2High - whole * kLn2Low;
    x[i] = series<0, 13>(rest) * std::bit_cast<double>((std::bit_cast<int64_t>(shifted) + 1023) << 52);
  }
}

}  // namespace lumir::learn
