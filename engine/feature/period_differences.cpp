// YIN's differences by way of the autocorrelation: the inverse transform of a frame's power spectrum.
//
// In double: where librosa works in float, a difference near 0 is the rest of numbers a million times as large.

#include "feature/period_differences.h"

#include <algorithm>

#include "signal/fourier_lanes.h"
#include "signal/kernel.h"
#include "signal/wide.h"

namespace lumir::feature {

struct PeriodTables {
  FourierTables fourier;
  int frame_length = 0;
  int shortest = 0;
  int longest = 0;
  std::vector<float> silence;  // a frame of zeros
};

namespace {

struct Buffers {
  Planar a, b;
  double* energies;  // of the first k samples, k = 0 .. longest

  Buffers(const PeriodTables& tables, double* scratch) {
    const size_t size = static_cast<size_t>(tables.fourier.length) * kDoubles;
    a = {scratch, scratch + size};
    b = {scratch + 2 * size, scratch + 3 * size};
    energies = scratch + 4 * size;
  }
};

/// Samples of kDoubles frames as points, a frame in each lane: even samples as real parts, odd ones as imaginary parts.
void put_frames(const Planar& to, const float* const* frames, int samples) {
  int i = 0;
  for (; i + kDoubles <= samples; i += kDoubles) {
    Doubles square[kDoubles];
    for (int lane = 0; lane < kDoubles; ++lane) square[lane] = load_wide(frames[lane] + i);
    transpose(square);
    for (int j = 0; j < kDoubles; j += 2) put(to, (i + j) / 2, {square[j], square[j + 1]});
  }
  for (; i < samples; i += 2) {
    Complex point{};
    for (int lane = 0; lane < kDoubles; ++lane) {
      point.re[lane] = frames[lane][i];
      point.im[lane] = i + 1 < samples ? frames[lane][i + 1] : 0;
    }
    put(to, i / 2, point);
  }
}

/// Energies of the beginnings of frames that stand in `points`.
void sum_energies(const Planar& points, int longest, double* energies) {
  Doubles total{};
  store(energies, total);
  for (int k = 0; k < longest; ++k) {
    const Doubles sample = load((k % 2 == 0 ? points.re : points.im) + kDoubles * (k / 2));
    total += sample * sample;
    store(energies + kDoubles * (k + 1), total);
  }
}

/// From the transform z of frames to that whose inverse is their autocorrelation, `size` times too large: parts
/// exchanged, for a forward transform to be the inverse one.
void power_to_points(const FourierTables& fourier, const Planar& z, const Planar& to) {
  const int n = fourier.points;
  for (int k = 0; k <= n / 2; ++k) {
    const auto i = static_cast<size_t>(k);
    const Doubles cosine = splat(fourier.untangle_cosine[i]), sine = splat(fourier.untangle_sine[i]);
    const Untangled both = untangle(at(z, k), at(z, (n - k) % n), cosine, sine);
    const Doubles here = both.sum.re * both.sum.re + both.sum.im * both.sum.im;
    const Doubles mirror = both.difference.re * both.difference.re + both.difference.im * both.difference.im;
    // real spectra: what a sequence of half as many points has at k, and at n - k its conjugate
    const Doubles even = here + mirror;
    const Complex odd = {cosine * (here - mirror), -sine * (here - mirror)};
    put(to, k, exchanged({even - odd.im, odd.re}));
    if (k > 0 && k < n - k) put(to, n - k, exchanged({even + odd.im, odd.re}));
  }
}

void side_by_side(const PeriodTables& tables, const float* const* frames, double* scratch, Rows out, int column) {
  const Buffers buffers(tables, scratch);
  const FourierTables& fourier = tables.fourier;
  put_frames(buffers.a, frames, tables.frame_length);
  for (int i = (tables.frame_length + 1) / 2; i < fourier.points; ++i) put(buffers.a, i, {Doubles{}, Doubles{}});
  sum_energies(buffers.a, tables.longest, buffers.energies);
  const Planar z = run_passes(fourier.passes, fourier.length, kDoubles, buffers.a, buffers.b);
  const Planar other = z.re == buffers.a.re ? buffers.b : buffers.a;
  power_to_points(fourier, z, other);
  const Planar turned = run_passes(fourier.passes, fourier.length, kDoubles, other, z);

  const Doubles scale = splat(1.0 / fourier.size);
  const auto alike = [&](int lag) {
    return scale * load((lag % 2 == 0 ? turned.im : turned.re) + kDoubles * (lag / 2));
  };
  const Doubles whole = alike(0);
  Doubles sum{};
  for (int lag = 1; lag <= tables.longest; ++lag) {
    // librosa leaves the first sample's energy in the shortest difference, so that is done here too
    const Doubles beginning = lag > 1 ? load(buffers.energies + kDoubles * lag) : Doubles{};
    const Doubles difference = 2.0 * (whole - alike(lag)) - beginning;
    sum += difference;
    if (lag < tables.shortest) continue;
    const Doubles mean = sum / splat(static_cast<double>(lag));
    store_narrow(out[lag - tables.shortest].to + column, difference / (mean + 1.17549435e-38));
  }
}

}  // namespace

std::shared_ptr<const PeriodTables> make_period_tables(int frame_length, int shortest, int longest) {
  auto tables = std::make_shared<PeriodTables>();
  tables->frame_length = frame_length;
  tables->shortest = shortest;
  tables->longest = longest;
  tables->silence.assign(static_cast<size_t>(frame_length), 0.0f);
  // so long that no lag in question meets the frame's other end
  int size = frame_length + longest + 1;
  while (size % 2 != 0 || radices_of(size / 2).empty()) ++size;
  fill_tables(tables->fourier, size);
  return tables;
}

size_t period_scratch(const PeriodTables& tables) {
  return static_cast<size_t>(kDoubles) * static_cast<size_t>(4 * tables.fourier.length + tables.longest + 1);
}

void period_differences(const PeriodTables& tables, const float* const* frames, double* scratch, Rows out) {
  const float* given[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) given[lane] = frames[lane] ? frames[lane] : tables.silence.data();
  side_by_side(tables, given, scratch, out, 0);
  side_by_side(tables, given + kDoubles, scratch, out, kDoubles);
}

LUMIR_KERNEL(make_period_tables);
LUMIR_KERNEL(period_scratch);
LUMIR_KERNEL(period_differences);

}  // namespace lumir::feature
