// A norm's arithmetic, a register's worth at a time. Included by kernels only.

#pragma once

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "nn/norm_kernels.h"
#include "nn/registers.h"

namespace lumir::nn {

/// A register's worth of a batch: where its numbers begin, of which channel, how many there are, and where sums over
/// them are kept.
struct Spot {
  int64_t place, channel, count, slot;
};

/// Calls body with each spot of a part, in order.
template <bool rows, class T, class Body>
[[gnu::always_inline]] inline void each_spot(const Norm<T>& norm, const Part& part, Body body) {
  const int64_t width = rows ? norm.channels : norm.positions;
  for (int64_t line = part.first; line < part.last; ++line) {
    for (int64_t i = 0; i < width; i += kWide<T>) {
      const int64_t count = std::min(kWide<T>, width - i);
      if constexpr (rows) {
        body(Spot{line * width + i, i, count, i});
      } else {
        body(Spot{line * width + i, line % norm.channels, count, (line - part.first) * kWide<T>});
      }
    }
  }
}

/// The numbers of a spot; `otherwise` where there are fewer than a register holds.
template <class T>
[[gnu::always_inline]] inline Register<T> read(const T* from, const Spot& spot, Register<T> otherwise = Register<T>{}) {
  if (spot.count == kWide<T>) return signal::load(from + spot.place);
  std::memcpy(&otherwise, from + spot.place, static_cast<size_t>(spot.count) * sizeof(T));
  return otherwise;
}

template <class T>
[[gnu::always_inline]] inline void write(T* into, const Spot& spot, Register<T> value) {
  if (spot.count == kWide<T>) return signal::store(into + spot.place, value);
  std::memcpy(into + spot.place, &value, static_cast<size_t>(spot.count) * sizeof(T));
}

/// What an array of channels holds for a spot.
template <bool rows, class T>
[[gnu::always_inline]] inline Register<T> of(const T* channels, const Spot& spot) {
  if constexpr (rows) return signal::load(channels + spot.channel);
  return signal::splat(channels[spot.channel]);
}

/// NaN stays NaN.
template <Bend bend, class V, class T>
[[gnu::always_inline]] inline V bent(V z, T slope) {
  if constexpr (bend == Bend::relu) return z < 0 ? V{} : z;
  if constexpr (bend == Bend::elu) return z < 0 ? slope * (exp(z) - 1) : z;
  if constexpr (bend == Bend::leaky) return z < 0 ? slope * z : z;
  return z;
}

/// A derivative by z, of the derivative by what became of z.
template <Bend bend, class V, class T>
[[gnu::always_inline]] inline V unbent(V z, V gradient, T slope) {
  if constexpr (bend == Bend::relu) return z <= 0 ? V{} : gradient;
  if constexpr (bend == Bend::elu) return z <= 0 ? gradient * slope * exp(z) : gradient;
  if constexpr (bend == Bend::leaky) return z <= 0 ? gradient * slope : gradient;
  return gradient;
}

/// Calls body(rows, bend) with both as constants.
template <class T, class Body>
[[gnu::always_inline]] inline void with_constants(const Norm<T>& norm, Body body) {
  const auto with_bend = [&](auto rows) {
    if (norm.bend == Bend::relu) return body(rows, std::integral_constant<Bend, Bend::relu>());
    if (norm.bend == Bend::elu) return body(rows, std::integral_constant<Bend, Bend::elu>());
    if (norm.bend == Bend::leaky) return body(rows, std::integral_constant<Bend, Bend::leaky>());
    body(rows, std::integral_constant<Bend, Bend::none>());
  };
  norm.in_rows() ? with_bend(std::true_type()) : with_bend(std::false_type());
}

/// The derivatives by z at a spot.
template <bool rows, Bend bend, class T>
[[gnu::always_inline]] inline Register<T> by_z(const Norm<T>& norm, const Spot& spot, Register<T> x) {
  const auto z = x * of<rows>(norm.scale, spot) + of<rows>(norm.shift, spot);
  return unbent<bend>(z, read(norm.gradient, spot), norm.slope);
}

}  // namespace lumir::nn
