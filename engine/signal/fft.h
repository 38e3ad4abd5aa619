// Butterflies and passes of a complex FFT (Stockham's form: no bit reversal, every pass reads and writes in order).
//
// In double: librosa's spectra are, and the valleys between peaks, 100 dB below them, would drown in the rounding of
// floats. Numbers are planar: real parts in one array, imaginary parts in another. A pass of radix R turns a transform
// of length k at stride s into R times as many of length k / R at stride s R; the innermost index runs over s, a
// register of neighbours at a time, so s is always a multiple of kDoubles. Included by kernels only.

#pragma once

#include <cmath>
#include <numbers>
#include <vector>

#include "signal/aligned.h"
#include "signal/lanes.h"

namespace lumir::signal {

struct Complex {
  Doubles re;
  Doubles im;
};
inline Complex operator+(const Complex& a, const Complex& b) { return {a.re + b.re, a.im + b.im}; }
inline Complex operator-(const Complex& a, const Complex& b) { return {a.re - b.re, a.im - b.im}; }
inline Complex times_minus_i(const Complex& a) { return {a.im, -a.re}; }
template <class Number>
inline Complex rotate(const Complex& a, Number cosine, Number sine) {
  return {a.re * cosine - a.im * sine, a.re * sine + a.im * cosine};
}

/// exp(-2 pi i j / n), worked out by the compiler.
constexpr double root_re(int j, int n) { return __builtin_cos(2 * std::numbers::pi * (j % n) / n); }
constexpr double root_im(int j, int n) { return -__builtin_sin(2 * std::numbers::pi * (j % n) / n); }

/// A transform of R points in registers: odd R by pairs of mirrored points.
template <int R>
[[gnu::always_inline]] inline void butterfly(Complex (&a)[R]) {
  constexpr int half = (R - 1) / 2;
  Complex sums[half], differences[half];
  Complex total = a[0];
  for (int k = 0; k < half; ++k) {
    sums[k] = a[k + 1] + a[R - 1 - k];
    differences[k] = a[k + 1] - a[R - 1 - k];
    total = total + sums[k];
  }
  const Complex first = a[0];
  a[0] = total;
  for (int j = 1; j <= half; ++j) {
    Complex even = first;
    Complex odd = {Doubles{}, Doubles{}};
    for (int k = 1; k <= half; ++k) {
      const double cosine = root_re(j * k, R);
      const double sine = root_im(j * k, R);
      even.re += cosine * sums[k - 1].re;
      even.im += cosine * sums[k - 1].im;
      odd.re -= sine * differences[k - 1].im;
      odd.im += sine * differences[k - 1].re;
    }
    a[j] = even + odd;
    a[R - j] = even - odd;
  }
}
template <>
[[gnu::always_inline]] inline void butterfly<2>(Complex (&a)[2]) {
  const Complex difference = a[0] - a[1];
  a[0] = a[0] + a[1];
  a[1] = difference;
}
[[gnu::always_inline]] inline void four(const Complex& a, const Complex& b, const Complex& c, const Complex& d,
                                        Complex& out0, Complex& out1, Complex& out2, Complex& out3) {
  const Complex sum_ac = a + c, sum_bd = b + d, difference_ac = a - c;
  const Complex turned_bd = times_minus_i(b - d);
  out0 = sum_ac + sum_bd;
  out1 = difference_ac + turned_bd;
  out2 = sum_ac - sum_bd;
  out3 = difference_ac - turned_bd;
}
template <>
[[gnu::always_inline]] inline void butterfly<4>(Complex (&a)[4]) {
  four(a[0], a[1], a[2], a[3], a[0], a[1], a[2], a[3]);
}
template <>
[[gnu::always_inline]] inline void butterfly<8>(Complex (&a)[8]) {
  constexpr double h = root_re(1, 8);
  Complex even[4], odd[4];
  four(a[0], a[2], a[4], a[6], even[0], even[1], even[2], even[3]);
  four(a[1], a[3], a[5], a[7], odd[0], odd[1], odd[2], odd[3]);
  odd[1] = {(odd[1].re + odd[1].im) * h, (odd[1].im - odd[1].re) * h};
  odd[2] = times_minus_i(odd[2]);
  odd[3] = {(odd[3].im - odd[3].re) * h, -(odd[3].re + odd[3].im) * h};
  for (int j = 0; j < 4; ++j) {
    a[j] = even[j] + odd[j];
    a[j + 4] = even[j] - odd[j];
  }
}
template <>
[[gnu::always_inline]] inline void butterfly<16>(Complex (&a)[16]) {
  Complex b[16];
  for (int k = 0; k < 4; ++k)
    four(a[k], a[k + 4], a[k + 8], a[k + 12], b[4 * k], b[4 * k + 1], b[4 * k + 2], b[4 * k + 3]);
#pragma GCC unroll 4
  for (int k = 1; k < 4; ++k) {
#pragma GCC unroll 4
    for (int j = 1; j < 4; ++j) {
      Complex& c = b[4 * k + j];
      c = k * j == 4 ? times_minus_i(c) : rotate(c, root_re(k * j, 16), root_im(k * j, 16));
    }
  }
  for (int j = 0; j < 4; ++j) four(b[j], b[4 + j], b[8 + j], b[12 + j], a[j], a[j + 4], a[j + 8], a[j + 12]);
}

/// One pass: its radix and exp(-2 pi i p j / length) for j < radix, p < length / radix, at [p * radix + j].
struct Pass {
  int radix = 2;
  std::vector<double> cosine;
  std::vector<double> sine;
};

/// Radices that butterflies exist for, largest useful first; empty where n has another prime factor.
inline std::vector<int> radices_of(int n) {
  std::vector<int> radices;
  while (n > 1) {
    int radix = 0;
    if (n == 16) radix = 16;
    for (int candidate : {8, 4, 2, 5, 3, 7, 11, 13}) {
      if (radix == 0 && n % candidate == 0) radix = candidate;
    }
    if (radix == 0) return {};
    radices.push_back(radix);
    n /= radix;
  }
  return radices;
}

inline std::vector<Pass> make_passes(int n) {
  std::vector<Pass> passes;
  int length = n;
  for (int radix : radices_of(n)) {
    Pass pass{radix, {}, {}};
    for (int p = 0; p < length / radix; ++p) {
      for (int j = 0; j < radix; ++j) {
        const double angle = -2 * std::numbers::pi * (static_cast<double>(p) * j) / length;
        pass.cosine.push_back(std::cos(angle));
        pass.sine.push_back(std::sin(angle));
      }
    }
    passes.push_back(std::move(pass));
    length /= radix;
  }
  return passes;
}

struct Planar {
  double* re;
  double* im;
};

template <int R>
void run_pass(const Planar& from, const Planar& to, int stride, int m, const Pass& pass) {
  for (int p = 0; p < m; ++p) {
    const double* cosine = pass.cosine.data() + p * R;
    const double* sine = pass.sine.data() + p * R;
    const size_t in = static_cast<size_t>(stride) * static_cast<size_t>(p);
    const size_t step = static_cast<size_t>(stride) * static_cast<size_t>(m);
    for (size_t q = 0; q < static_cast<size_t>(stride); q += kDoubles) {
      Complex a[R];
      for (size_t k = 0; k < R; ++k) a[k] = {load(from.re + in + q + step * k), load(from.im + in + q + step * k)};
      butterfly<R>(a);
      if (p > 0) {
        for (int j = 1; j < R; ++j) a[j] = rotate(a[j], splat(cosine[j]), splat(sine[j]));
      }
      for (size_t j = 0; j < R; ++j) {
        store(to.re + in * R + q + static_cast<size_t>(stride) * j, a[j].re);
        store(to.im + in * R + q + static_cast<size_t>(stride) * j, a[j].im);
      }
    }
  }
}

/// A transform of length n at stride `stride` from `a`, with `b` as the other buffer; returns the one that holds it.
inline Planar run_passes(const std::vector<Pass>& passes, int n, int stride, Planar a, Planar b) {
  for (const Pass& pass : passes) {
    const int m = n / pass.radix;
    switch (pass.radix) {
      case 2: run_pass<2>(a, b, stride, m, pass); break;
      case 3: run_pass<3>(a, b, stride, m, pass); break;
      case 4: run_pass<4>(a, b, stride, m, pass); break;
      case 5: run_pass<5>(a, b, stride, m, pass); break;
      case 7: run_pass<7>(a, b, stride, m, pass); break;
      case 8: run_pass<8>(a, b, stride, m, pass); break;
      case 11: run_pass<11>(a, b, stride, m, pass); break;
      case 13: run_pass<13>(a, b, stride, m, pass); break;
      default: run_pass<16>(a, b, stride, m, pass); break;
    }
    std::swap(a, b);
    stride *= pass.radix;
    n = m;
  }
  return a;
}

}  // namespace lumir::signal
