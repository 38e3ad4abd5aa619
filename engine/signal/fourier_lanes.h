// Transforms of kDoubles sequences side by side, a sequence in each lane: any length, in double.
//
// Lengths with small factors go by mixed radix; others by Bluestein's convolution (Bluestein, A linear filtering
// approach to the computation of the discrete Fourier transform, 1970). A real sequence of even length is transformed
// as half as many complex points, even samples as real parts. Included by kernels only.

#pragma once

#include <complex>
#include <numbers>

#include "signal/fft.h"

namespace lumir::signal {

struct FourierTables {
  int size = 0;    // real samples
  int points = 0;  // of the complex transform: size / 2, or size where that is odd
  int length = 0;  // of the transform that runs: points, or Bluestein's power of two
  std::vector<Pass> passes;
  AlignedDoubles untangle_cosine, untangle_sine;  // exp(-2 pi i k / size)
  std::vector<double> chirp_cosine, chirp_sine;   // Bluestein: exp(-i pi k^2 / points)
  std::vector<double> filter_re, filter_im;       // transform of the conjugate chirp, divided by length

  bool halved() const { return points != size; }
};

namespace detail {

/// A plain transform in double, for tables only; n is a power of two.
inline std::vector<std::complex<double>> transform(std::vector<std::complex<double>> x) {
  const size_t n = x.size();
  if (n == 1) return x;
  std::vector<std::complex<double>> even(n / 2), odd(n / 2);
  for (size_t i = 0; i < n / 2; ++i) {
    even[i] = x[2 * i];
    odd[i] = x[2 * i + 1];
  }
  even = transform(std::move(even));
  odd = transform(std::move(odd));
  for (size_t i = 0; i < n / 2; ++i) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
    const auto turned = std::polar(1.0, angle) * odd[i];
    x[i] = even[i] + turned;
    x[i + n / 2] = even[i] - turned;
  }
  return x;
}

inline void fill_bluestein(FourierTables& tables) {
  const long n = tables.points;
  tables.length = 1;
  while (tables.length < 2 * n - 1) tables.length *= 2;
  std::vector<std::complex<double>> filter(static_cast<size_t>(tables.length));
  for (long k = 0; k < n; ++k) {
    const double angle = std::numbers::pi * static_cast<double>(k * k % (2 * n)) / static_cast<double>(n);
    tables.chirp_cosine.push_back(std::cos(angle));
    tables.chirp_sine.push_back(-std::sin(angle));
    filter[static_cast<size_t>(k)] = std::polar(1.0, angle);
    if (k > 0) filter[static_cast<size_t>(tables.length - k)] = filter[static_cast<size_t>(k)];
  }
  for (const auto& value : transform(filter)) {
    tables.filter_re.push_back(value.real() / tables.length);
    tables.filter_im.push_back(value.imag() / tables.length);
  }
}

}  // namespace detail

inline void fill_tables(FourierTables& tables, int size) {
  tables.size = size;
  tables.points = size % 2 == 0 ? size / 2 : size;
  tables.length = tables.points;
  if (tables.points > 1 && radices_of(tables.points).empty()) detail::fill_bluestein(tables);
  tables.passes = make_passes(tables.length);
  for (int k = 0; k <= tables.points; ++k) {
    const double angle = -2 * std::numbers::pi * k / size;
    tables.untangle_cosine.push_back(std::cos(angle));
    tables.untangle_sine.push_back(std::sin(angle));
  }
}

inline Complex at(const Planar& z, int point) { return {load(z.re + kDoubles * point), load(z.im + kDoubles * point)}; }
inline void put(const Planar& z, int point, const Complex& value) {
  store(z.re + kDoubles * point, value.re);
  store(z.im + kDoubles * point, value.im);
}
/// Exchanged real and imaginary parts before and behind make a forward transform an inverse one.
inline Complex exchanged(const Complex& z) { return {z.im, z.re}; }

/// The transform of tables.points points as a circular convolution with a chirp.
inline Planar run_bluestein(const FourierTables& tables, Planar a, Planar b) {
  for (int k = 0; k < tables.points; ++k) {
    const auto i = static_cast<size_t>(k);
    put(a, k, rotate(at(a, k), tables.chirp_cosine[i], tables.chirp_sine[i]));
  }
  for (int k = tables.points; k < tables.length; ++k) put(a, k, {Doubles{}, Doubles{}});
  const Planar spectrum = run_passes(tables.passes, tables.length, kDoubles, a, b);
  for (int k = 0; k < tables.length; ++k) {
    const auto i = static_cast<size_t>(k);
    put(spectrum, k, exchanged(rotate(at(spectrum, k), tables.filter_re[i], tables.filter_im[i])));
  }
  const Planar other = spectrum.re == a.re ? b : a;
  const Planar back = run_passes(tables.passes, tables.length, kDoubles, spectrum, other);
  for (int k = 0; k < tables.points; ++k) {
    const auto i = static_cast<size_t>(k);
    put(back, k, rotate(exchanged(at(back, k)), tables.chirp_cosine[i], tables.chirp_sine[i]));
  }
  return back;
}

/// The complex transform of what stands in a; each buffer holds length * kDoubles numbers a part.
inline Planar run_transform(const FourierTables& tables, Planar a, Planar b) {
  if (tables.length != tables.points) return run_bluestein(tables, a, b);
  return run_passes(tables.passes, tables.length, kDoubles, a, b);
}

/// The real sequence's transform at k (sum) and, conjugate, at points - k (difference), from the complex one at both.
struct Untangled {
  Complex sum;
  Complex difference;
};
inline Untangled untangle(const Complex& a, const Complex& b, Doubles cosine, Doubles sine) {
  const Complex even = {0.5 * (a.re + b.re), 0.5 * (a.im - b.im)};
  const Complex odd = {0.5 * (a.re - b.re), 0.5 * (a.im + b.im)};
  const Complex turned = {sine * odd.re + cosine * odd.im, sine * odd.im - cosine * odd.re};
  return {even + turned, even - turned};
}

}  // namespace lumir::signal
