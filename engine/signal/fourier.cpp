// Real Fourier transforms: sequences into lanes, the complex transform, spectra out of lanes; and back.

#include "signal/fourier.h"

#include <algorithm>

#include "signal/fourier_lanes.h"
#include "signal/kernel.h"

namespace lumir::signal {

std::shared_ptr<const FourierTables> make_fourier_tables(int size) {
  auto tables = std::make_shared<FourierTables>();
  fill_tables(*tables, size);
  return tables;
}

/// Doubles of scratch: two buffers of complex points, and a spectrum or a sequence in lanes.
size_t fourier_scratch(const FourierTables& tables) {
  const auto lanes = static_cast<size_t>(kDoubles);
  return lanes * (4 * static_cast<size_t>(tables.length) + 2 * static_cast<size_t>(tables.size / 2 + 1 + kDoubles));
}
int sequences_of_level() { return kDoubles; }

namespace {

/// `count` sequences of n numbers, one behind the other, as lanes: number i of all of them at to + i * kDoubles.
void into_lanes(const double* from, int count, int n, double* to) {
  int i = 0;
  if (count == kDoubles) {
    for (; i + kDoubles <= n; i += kDoubles) {
      Doubles square[kDoubles];
      for (int lane = 0; lane < kDoubles; ++lane) square[lane] = load(from + static_cast<long>(lane) * n + i);
      transpose(square);
      for (int j = 0; j < kDoubles; ++j) store(to + kDoubles * (i + j), square[j]);
    }
  }
  for (; i < n; ++i) {
    for (int lane = 0; lane < kDoubles; ++lane) {
      to[kDoubles * i + lane] = lane < count ? from[static_cast<long>(lane) * n + i] : 0;
    }
  }
}

void out_of_lanes(const double* from, int count, int n, double* to) {
  int i = 0;
  if (count == kDoubles) {
    for (; i + kDoubles <= n; i += kDoubles) {
      Doubles square[kDoubles];
      for (int j = 0; j < kDoubles; ++j) square[j] = load(from + kDoubles * (i + j));
      transpose(square);
      for (int lane = 0; lane < kDoubles; ++lane) store(to + static_cast<long>(lane) * n + i, square[lane]);
    }
  }
  for (; i < n; ++i) {
    for (int lane = 0; lane < count; ++lane) to[static_cast<long>(lane) * n + i] = from[kDoubles * i + lane];
  }
}

struct Buffers {
  Planar a, b;
  Planar spectrum;  // [bins] lanes, or a sequence in its first part

  Buffers(const FourierTables& tables, double* scratch) {
    const size_t size = static_cast<size_t>(tables.length) * kDoubles;
    const size_t bins = static_cast<size_t>(tables.size / 2 + 1 + kDoubles) * kDoubles;
    a = {scratch, scratch + size};
    b = {scratch + 2 * size, scratch + 3 * size};
    spectrum = {scratch + 4 * size, scratch + 4 * size + bins};
  }
};

}  // namespace

/// Spectra of up to kDoubles sequences.
void fourier_forward(const FourierTables& tables, const double* in, int count, double* scratch, double* re,
                     double* im) {
  const Buffers buffers(tables, scratch);
  // of two arrays behind each other, so a sequence fits where a spectrum does
  double* const sequence = buffers.spectrum.re;
  into_lanes(in, count, tables.size, sequence);
  const auto sample = [&](int i) { return load(sequence + kDoubles * i); };
  if (tables.halved()) {
    for (int i = 0; i < tables.points; ++i) put(buffers.a, i, {sample(2 * i), sample(2 * i + 1)});
  } else {
    for (int i = 0; i < tables.points; ++i) put(buffers.a, i, {sample(i), Doubles{}});
  }
  const Planar z = run_transform(tables, buffers.a, buffers.b);
  const int bins = tables.size / 2 + 1;
  const int n = tables.points;
  if (tables.halved()) {
    for (int k = 0; k <= n / 2; ++k) {
      const auto i = static_cast<size_t>(k);
      const Untangled both =
          untangle(at(z, k), at(z, (n - k) % n), splat(tables.untangle_cosine[i]), splat(tables.untangle_sine[i]));
      put(buffers.spectrum, n - k, {both.difference.re, -both.difference.im});
      put(buffers.spectrum, k, both.sum);
    }
  } else {
    for (int k = 0; k < bins; ++k) put(buffers.spectrum, k, at(z, k));
  }
  out_of_lanes(buffers.spectrum.re, count, bins, re);
  out_of_lanes(buffers.spectrum.im, count, bins, im);
}

/// Sequences of up to kDoubles spectra.
void fourier_inverse(const FourierTables& tables, const double* re, const double* im, int count, double* scratch,
                     double* out) {
  const Buffers buffers(tables, scratch);
  const int bins = tables.size / 2 + 1;
  const int n = tables.points;
  into_lanes(re, count, bins, buffers.spectrum.re);
  into_lanes(im, count, bins, buffers.spectrum.im);
  const auto bin = [&](int k) {
    Complex value = at(buffers.spectrum, k);
    if (k == 0 || 2 * k == tables.size) value.im = Doubles{};
    return value;
  };
  if (tables.halved()) {
    for (int k = 0; k < n; ++k) {
      const auto i = static_cast<size_t>(k);
      const Complex x = bin(k), mirror = bin(n - k);
      const Complex even = {x.re + mirror.re, x.im - mirror.im};
      const Complex odd = rotate(Complex{x.re - mirror.re, x.im + mirror.im}, splat(tables.untangle_cosine[i]),
                                 splat(-tables.untangle_sine[i]));
      put(buffers.a, k, exchanged({even.re - odd.im, even.im + odd.re}));
    }
  } else {
    put(buffers.a, 0, exchanged(bin(0)));
    for (int k = 1; k < bins; ++k) {
      const Complex x = bin(k);
      put(buffers.a, k, exchanged(x));
      put(buffers.a, n - k, exchanged({x.re, -x.im}));
    }
  }
  const Planar z = run_transform(tables, buffers.a, buffers.b);
  const Doubles scale = splat(1.0 / tables.size);  // what was halved above is twice too large, of half as many points
  double* const sequence = buffers.spectrum.re;
  for (int i = 0; i < n; ++i) {
    const Complex point = exchanged(at(z, i));
    if (tables.halved()) {
      store(sequence + kDoubles * (2 * i), scale * point.re);
      store(sequence + kDoubles * (2 * i + 1), scale * point.im);
    } else {
      store(sequence + kDoubles * i, scale * point.re);
    }
  }
  out_of_lanes(sequence, count, tables.size, out);
}

LUMIR_KERNEL(make_fourier_tables);
LUMIR_KERNEL(fourier_scratch);
LUMIR_KERNEL(sequences_of_level);
LUMIR_KERNEL(fourier_forward);
LUMIR_KERNEL(fourier_inverse);

#ifndef LUMIR_KERNELS_ONLY

Fourier::Fourier(int size)
    : size_(size),
      tables_(best(&make_fourier_tables)(size)),
      scratch_(best(&fourier_scratch)(*tables_)),
      lanes_(best(&sequences_of_level)()),
      forward_(best(&fourier_forward)),
      inverse_(best(&fourier_inverse)) {}

void Fourier::forward(const double* in, long count, double* re, double* im) const {
  AlignedDoubles scratch(scratch_);
  for (long i = 0; i < count; i += lanes_) {
    const auto some = static_cast<int>(std::min<long>(lanes_, count - i));
    forward_(*tables_, in + i * size_, some, scratch.data(), re + i * bins(), im + i * bins());
  }
}

void Fourier::inverse(const double* re, const double* im, long count, double* out) const {
  AlignedDoubles scratch(scratch_);
  for (long i = 0; i < count; i += lanes_) {
    const auto some = static_cast<int>(std::min<long>(lanes_, count - i));
    inverse_(*tables_, re + i * bins(), im + i * bins(), some, scratch.data(), out + i * size_);
  }
}

#endif

}  // namespace lumir::signal
