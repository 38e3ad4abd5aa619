// Floats as doubles and back, kDoubles at a time.
//
// GCC 12 takes __builtin_convertvector apart into halves that go through memory, which costs a third of a transform;
// so the instruction is named where there is one.

#pragma once

#ifdef __AVX2__
#include <immintrin.h>
#endif

#include "signal/lanes.h"

namespace lumir::signal {

inline Doubles load_wide(const float* from) {
#if defined(__AVX512F__)
  return _mm512_cvtps_pd(_mm256_loadu_ps(from));
#elif defined(__AVX2__)
  return _mm256_cvtps_pd(_mm_loadu_ps(from));
#else
  Doubles value;
  for (int i = 0; i < kDoubles; ++i) value[i] = from[i];
  return value;
#endif
}

inline void store_narrow(float* to, Doubles value) {
#if defined(__AVX512F__)
  _mm256_storeu_ps(to, _mm512_cvtpd_ps(value));
#elif defined(__AVX2__)
  _mm_storeu_ps(to, _mm256_cvtpd_ps(value));
#else
  for (int i = 0; i < kDoubles; ++i) to[i] = static_cast<float>(value[i]);
#endif
}

}  // namespace lumir::signal
