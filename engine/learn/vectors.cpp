// Loops over long rows.

#include "learn/vectors.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "learn/vectorised.h"

namespace lumir::learn {

LUMIR_VECTORISED double dot(const double* a, const double* b, size_t n) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

LUMIR_VECTORISED void add_scaled(double factor, const double* x, double* w, size_t n) {
#pragma omp simd
  for (size_t i = 0; i < n; ++i) w[i] += factor * x[i];
}

LUMIR_VECTORISED double squared_distance(const double* a, const double* b, size_t n) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

LUMIR_VECTORISED double sum_of_differences(const double* a, const double* b, size_t n) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; ++i) sum += std::fabs(a[i] - b[i]);
  return sum;
}

// e^x = 2^whole * e^rest, rest by Taylor's series; a sum with kShift has the whole number in its last bits
LUMIR_VECTORISED void exponentials(double* x, size_t n) {
  constexpr double kShift = 0x1.8p52, kLn2High = 6.93145751953125e-1, kLn2Low = 1.42860682030941723212e-6;
  constexpr int kTerms = 13;
  double inverse[kTerms + 1] = {1};  // of factorials
  for (int i = 1; i <= kTerms; ++i) inverse[i] = inverse[i - 1] / i;
#pragma omp simd
  for (size_t i = 0; i < n; ++i) {
    double at = x[i] < -708 ? -708 : x[i];
    at = at > 709 ? 709 : at;
    const double shifted = at * std::numbers::log2e + kShift, whole = shifted - kShift;
    const double rest = at - whole * kLn2High - whole * kLn2Low;
    double series = inverse[kTerms];
#pragma GCC unroll 16
    for (int term = kTerms - 1; term >= 0; --term) series = series * rest + inverse[term];
    x[i] = series * std::bit_cast<double>((std::bit_cast<int64_t>(shifted) + 1023) << 52);
  }
}

}  // namespace lumir::learn
