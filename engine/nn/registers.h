// Registers of floats or doubles, and e to the power of them. Included by kernels only.

#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "signal/lanes.h"

namespace lumir::nn {

template <class T>
using Register = std::conditional_t<std::is_same_v<T, float>, signal::Lanes, signal::Doubles>;
template <class T>
inline constexpr int64_t kWide = sizeof(Register<T>) / sizeof(T);

template <class V>
struct Exponent;
template <>
struct Exponent<signal::Lanes> {
  using Bits = signal::IntLanes;
  static constexpr float least = -87.0f, most = 88.0f, shift = 0x1.8p23f;
  static constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  static constexpr int bias = 127, place = 23, terms = 7;
};
template <>
struct Exponent<signal::Doubles> {
  using Bits = int64_t __attribute__((vector_size(sizeof(signal::Doubles))));
  static constexpr double least = -708.0, most = 709.0, shift = 0x1.8p52;
  static constexpr double ln2_high = 6.93145751953125e-1, ln2_low = 1.42860682030941723212e-6;
  static constexpr int bias = 1023, place = 52, terms = 13;
};

/// e to the x, within two units in the last place; beyond what a number holds, the nearest that it holds. NaN stays NaN.
template <class V>
inline V exp(V x) {
  using E = Exponent<V>;
  using T = std::remove_reference_t<decltype(x[0])>;
  x = x < E::least ? E::least - V{} : x;
  x = x > E::most ? E::most - V{} : x;
  const V shifted = x * T(1.44269504088896340736) + E::shift;  // a whole number in its last bits
  const V whole = shifted - E::shift;
  const V rest = x - whole * E::ln2_high - whole * E::ln2_low;
  T factorials[E::terms + 1] = {1};
  for (int i = 1; i <= E::terms; ++i) factorials[i] = factorials[i - 1] * i;
  V series = T(1) / factorials[E::terms] - V{};
#pragma GCC unroll 16
  for (int i = E::terms - 1; i >= 0; --i) series = series * rest + T(1) / factorials[i];
  using Bits = typename E::Bits;
  return series * std::bit_cast<V>((std::bit_cast<Bits>(shifted) + E::bias) << E::place);
}

}  // namespace lumir::nn
