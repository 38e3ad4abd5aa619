// Cosine transforms as tables of weights, there and back; scipy.fft.dct and idct.

#pragma once

#include <cmath>
#include <numbers>

namespace lumir::signal {

/// Number i's weight in coefficient k of a transform of n numbers: type 1, 2 or 3; rows of length 1 where `ortho`.
inline double cosine_weight(int type, bool ortho, int n, int k, int i) {
  const auto root_at = [](bool edge) { return edge ? std::numbers::sqrt2 / 2 : 1.0; };
  if (type == 1) {
    const double cosine = std::cos(std::numbers::pi * k * i / (n - 1));
    if (!ortho) return (i == 0 || i == n - 1 ? 1 : 2) * cosine;
    return std::sqrt(2.0 / (n - 1)) * root_at(k == 0 || k == n - 1) * root_at(i == 0 || i == n - 1) * cosine;
  }
  if (type == 2) {
    const double cosine = std::cos(std::numbers::pi * k * (i + 0.5) / n);
    return ortho ? std::sqrt(2.0 / n) * root_at(k == 0) * cosine : 2 * cosine;
  }
  const double cosine = std::cos(std::numbers::pi * (k + 0.5) * i / n);
  return ortho ? std::sqrt(2.0 / n) * root_at(i == 0) * cosine : (i == 0 ? 1 : 2) * cosine;
}

/// Coefficient k's weight in number i of the way back. Types 2 and 3 are each other's inverse, type 1 its own.
inline double inverse_cosine_weight(int type, bool ortho, int n, int k, int i) {
  const int back = type == 1 ? 1 : 5 - type;
  const double weight = cosine_weight(back, ortho, n, i, k);
  return ortho ? weight : weight / (2.0 * (type == 1 ? n - 1 : n));
}

}  // namespace lumir::signal
