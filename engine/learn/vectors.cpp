// Loops over long rows.

#include "learn/vectors.h"

#include <cmath>

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

}  // namespace lumir::learn
