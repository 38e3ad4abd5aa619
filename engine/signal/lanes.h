// Lanes: a SIMD register of floats, one frame in each lane.
//
// A feature is written once, on Lanes, as if on a number; the compiler makes it as wide as the processor level that
// the file is compiled for: 16, 8 or 4 frames at a time. GCC's vector types give + - * / < and ?: ; this file adds
// what they lack. Never wider than the register (tried: six times slower).

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lumir::signal {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
#elif defined(__AVX2__)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

using Lanes = float __attribute__((vector_size(4 * kLanes)));
using IntLanes = int32_t __attribute__((vector_size(4 * kLanes)));

/// A register of doubles: half as many.
inline constexpr int kDoubles = kLanes / 2;
using Doubles = double __attribute__((vector_size(8 * kDoubles)));

/// Reads kLanes neighbours from any address.
inline Lanes load(const float* from) {
  Lanes value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
inline void store(float* to, Lanes value) { std::memcpy(to, &value, sizeof value); }
inline Doubles load(const double* from) {
  Doubles value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
inline void store(double* to, Doubles value) { std::memcpy(to, &value, sizeof value); }
inline Lanes splat(float number) { return number - Lanes{}; }
inline Doubles splat(double number) { return number - Doubles{}; }
inline IntLanes splat(int32_t number) { return number - IntLanes{}; }

/// The greater one; b where a is NaN.
inline Lanes max(Lanes a, Lanes b) { return a > b ? a : b; }
inline Lanes min(Lanes a, Lanes b) { return a < b ? a : b; }
inline Lanes sqrt(Lanes a) {
  for (int i = 0; i < kLanes; ++i) a[i] = __builtin_sqrtf(a[i]);  // becomes one instruction
  return a;
}
inline Lanes abs(Lanes a) { return std::bit_cast<Lanes>(std::bit_cast<IntLanes>(a) & 0x7fffffff); }
/// a / b, and 0 where b is 0.
inline Lanes divide_or_zero(Lanes a, Lanes b) { return b != 0 ? a / b : Lanes{}; }

/// Base-2 logarithm of positive normal numbers, within 1e-7 of the result or of 1 (polynomial of Cephes' logf).
inline Lanes log2(Lanes x) {
  const IntLanes bits = std::bit_cast<IntLanes>(x);
  const IntLanes exponent = (bits - 0x3f3504f3) >> 23;  // mantissa in sqrt(1/2) .. sqrt(2)
  const Lanes f = std::bit_cast<Lanes>(bits - (exponent << 23)) - 1.0f;
  Lanes series = splat(7.0376836292e-2f);
  series = series * f - 1.1514610310e-1f;
  series = series * f + 1.1676998740e-1f;
  series = series * f - 1.2420140846e-1f;
  series = series * f + 1.4249322787e-1f;
  series = series * f - 1.6668057665e-1f;
  series = series * f + 2.0000714765e-1f;
  series = series * f - 2.4999993993e-1f;
  series = series * f + 3.3333331174e-1f;
  const Lanes square = f * f;
  const Lanes logarithm = series * f * square - 0.5f * square + f;
  return logarithm * 1.44269504088896341f + __builtin_convertvector(exponent, Lanes);
}
/// 2 to the power x for x in -126 .. 127 (beyond, the nearest of these).
inline Lanes exp2(Lanes x) {
  x = max(min(x, splat(127.0f)), splat(-126.0f));
  const IntLanes whole = __builtin_convertvector(x + 127.5f, IntLanes) - 127;  // x + 127.5 is positive: rounds
  const Lanes f = x - __builtin_convertvector(whole, Lanes);
  Lanes series = splat(1.535336188319500e-4f);
  series = series * f + 1.339887440266574e-3f;
  series = series * f + 9.618437357674640e-3f;
  series = series * f + 5.550332471162809e-2f;
  series = series * f + 2.402264791363012e-1f;
  series = series * f + 6.931472028550421e-1f;
  series = series * f + 1.0f;
  return series * std::bit_cast<Lanes>((whole + 127) << 23);
}
/// x to the power p for x >= 0.
inline Lanes pow(Lanes x, float p) { return x > 1e-37f ? exp2(log2(max(x, splat(1e-37f))) * p) : Lanes{}; }
/// 10 log10(x) for positive x.
inline Lanes decibels(Lanes x) { return 3.01029995663981195f * log2(x); }

inline float sum(Lanes a) {
  double total = 0;
  for (int i = 0; i < kLanes; ++i) total += a[i];
  return static_cast<float>(total);
}
inline float largest(Lanes a) {
  float top = a[0];
  for (int i = 1; i < kLanes; ++i) top = a[i] > top ? a[i] : top;
  return top;
}

namespace detail {

/// Lane i of a shuffle is lane pick(i) of its first argument, or, from the count of lanes on, of its second.
template <class Pick>
constexpr IntLanes shuffle_mask(Pick pick) {
  IntLanes mask{};
  for (int i = 0; i < kLanes; ++i) mask[i] = pick(i);
  return mask;
}
using LongLanes = int64_t __attribute__((vector_size(8 * kDoubles)));
template <class Pick>
constexpr LongLanes double_mask(Pick pick) {
  LongLanes mask{};
  for (int i = 0; i < kDoubles; ++i) mask[i] = pick(i);
  return mask;
}

}  // namespace detail

inline Doubles reversed(Doubles a) {
  return __builtin_shuffle(a, detail::double_mask([](int i) { return kDoubles - 1 - i; }));
}
/// Every second number of 2 kDoubles neighbours: real and imaginary parts out of pairs.
inline void deinterleave(Doubles a, Doubles b, Doubles& even, Doubles& odd) {
  even = __builtin_shuffle(a, b, detail::double_mask([](int i) { return 2 * i; }));
  odd = __builtin_shuffle(a, b, detail::double_mask([](int i) { return 2 * i + 1; }));
}

/// A square of kDoubles x kDoubles numbers, rows and columns exchanged: pairs inside quarters of
/// 128 bits, then quarters.
inline void transpose(Doubles (&rows)[kDoubles]) {
  constexpr int n = kDoubles;
  const auto low = detail::double_mask([](int i) { return i / 2 * 2 + (i % 2) * n; });
  const auto high = detail::double_mask([](int i) { return i / 2 * 2 + 1 + (i % 2) * n; });
  for (int i = 0; i < n; i += 2) {
    const Doubles a = rows[i], b = rows[i + 1];
    rows[i] = __builtin_shuffle(a, b, low);
    rows[i + 1] = __builtin_shuffle(a, b, high);
  }
  // quarters: row 2r + c holds, in quarter q, column 2q + c of rows 2r and 2r + 1
  if constexpr (n == 4) {
    const auto lower = detail::double_mask([](int i) { return i < 2 ? i : i - 2 + n; });
    const auto upper = detail::double_mask([](int i) { return i < 2 ? i + 2 : i + n; });
    for (int c = 0; c < 2; ++c) {
      const Doubles a = rows[c], b = rows[c + 2];
      rows[c] = __builtin_shuffle(a, b, lower);
      rows[c + 2] = __builtin_shuffle(a, b, upper);
    }
  } else if constexpr (n == 8) {
    const auto even = detail::double_mask([](int i) { return i % 2 + (i / 2 % 2) * 4 + (i / 4) * n; });
    const auto odd = detail::double_mask([](int i) { return i % 2 + (i / 2 % 2) * 4 + 2 + (i / 4) * n; });
    for (int c = 0; c < 2; ++c) {
      const Doubles a = __builtin_shuffle(rows[c], rows[c + 2], even);
      const Doubles b = __builtin_shuffle(rows[c], rows[c + 2], odd);
      const Doubles d = __builtin_shuffle(rows[c + 4], rows[c + 6], even);
      const Doubles e = __builtin_shuffle(rows[c + 4], rows[c + 6], odd);
      rows[c] = __builtin_shuffle(a, d, even);
      rows[c + 4] = __builtin_shuffle(a, d, odd);
      rows[c + 2] = __builtin_shuffle(b, e, even);
      rows[c + 6] = __builtin_shuffle(b, e, odd);
    }
  }
}

/// A square of kLanes x kLanes numbers, rows and columns exchanged.
///
/// Pairs, then pairs of pairs inside each quarter of 128 bits, where shuffles are cheap; then whole quarters.
inline void transpose(Lanes (&rows)[kLanes]) {
  constexpr int n = kLanes;
  Lanes pairs[n];
  const auto low = detail::shuffle_mask([](int i) { return i / 4 * 4 + i % 4 / 2 + (i % 2) * n; });
  const auto high = detail::shuffle_mask([](int i) { return i / 4 * 4 + 2 + i % 4 / 2 + (i % 2) * n; });
  for (int i = 0; i < n; i += 2) {
    pairs[i] = __builtin_shuffle(rows[i], rows[i + 1], low);
    pairs[i + 1] = __builtin_shuffle(rows[i], rows[i + 1], high);
  }
  const auto first = detail::shuffle_mask([](int i) { return i / 4 * 4 + i % 2 + (i % 4 / 2) * n; });
  const auto second = detail::shuffle_mask([](int i) { return i / 4 * 4 + 2 + i % 2 + (i % 4 / 2) * n; });
  for (int i = 0; i < n; i += 4) {
    rows[i] = __builtin_shuffle(pairs[i], pairs[i + 2], first);
    rows[i + 1] = __builtin_shuffle(pairs[i], pairs[i + 2], second);
    rows[i + 2] = __builtin_shuffle(pairs[i + 1], pairs[i + 3], first);
    rows[i + 3] = __builtin_shuffle(pairs[i + 1], pairs[i + 3], second);
  }
  // quarters: row 4r + c holds, in quarter q, column 4q + c of rows 4r .. 4r + 3
  if constexpr (n == 8) {
    const auto lower = detail::shuffle_mask([](int i) { return i < 4 ? i : i - 4 + n; });
    const auto upper = detail::shuffle_mask([](int i) { return i < 4 ? i + 4 : i + n; });
    for (int c = 0; c < 4; ++c) {
      const Lanes a = rows[c], b = rows[c + 4];
      rows[c] = __builtin_shuffle(a, b, lower);
      rows[c + 4] = __builtin_shuffle(a, b, upper);
    }
  } else if constexpr (n == 16) {
    // even and odd quarters of two rows, twice
    const auto even = detail::shuffle_mask([](int i) { return i % 4 + (i / 4 % 2) * 8 + (i / 8) * n; });
    const auto odd = detail::shuffle_mask([](int i) { return i % 4 + (i / 4 % 2) * 8 + 4 + (i / 8) * n; });
    for (int c = 0; c < 4; ++c) {
      const Lanes a = __builtin_shuffle(rows[c], rows[c + 4], even);
      const Lanes b = __builtin_shuffle(rows[c], rows[c + 4], odd);
      const Lanes d = __builtin_shuffle(rows[c + 8], rows[c + 12], even);
      const Lanes e = __builtin_shuffle(rows[c + 8], rows[c + 12], odd);
      rows[c] = __builtin_shuffle(a, d, even);
      rows[c + 8] = __builtin_shuffle(a, d, odd);
      rows[c + 4] = __builtin_shuffle(b, e, even);
      rows[c + 12] = __builtin_shuffle(b, e, odd);
    }
  }
}

}  // namespace lumir::signal
