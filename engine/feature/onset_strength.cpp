// Onset strength: how much louder the bands grow from one frame to the next. High where notes begin.

#include "feature/onset_strength.h"

#include <algorithm>

#include "core/spill.h"
#include "feature/extractor.h"
#include "signal/aligned.h"

namespace lumir::feature {
namespace {

constexpr size_t kTogether = 256;  // frames

/// How much louder `band` is `lag` frames after frames first .. first + count - 1; what it is compared with is the
/// greatest of max_size bands around it, as scipy's maximum_filter1d.
void find_growth(const OnsetBands& bands, int band, const OnsetStrengthOptions& options, size_t first, size_t count,
                 float* growth) {
  const int from = std::max(0, band - options.max_size / 2);
  const int last = std::min(bands.rows() - 1, band - options.max_size / 2 + options.max_size - 1);
  std::copy_n(bands.row(from).data() + first, count, growth);
  for (int other = from + 1; other <= last; ++other) {
    const float* values = bands.row(other).data() + first;
    for (size_t t = 0; t < count; ++t) growth[t] = std::max(growth[t], values[t]);
  }
  const float* now = bands.row(band).data() + first + static_cast<size_t>(options.lag);
  for (size_t t = 0; t < count; ++t) {
    const float difference = now[t] - growth[t];
    growth[t] = difference > 0 ? difference : 0;
  }
}

/// The mean over bands at frames first .. first + count - 1.
void mean_growth(const OnsetBands& bands, const OnsetStrengthOptions& options, size_t first, size_t count, float* out) {
  float growth[kTogether];
  std::fill_n(out, count, 0.0f);
  for (int band = 0; band < bands.rows(); ++band) {
    find_growth(bands, band, options, first, count, growth);
    for (size_t t = 0; t < count; ++t) out[t] += growth[t];
  }
  const float share = 1.0f / static_cast<float>(bands.rows());
  for (size_t t = 0; t < count; ++t) out[t] *= share;
}

/// The median of n numbers in each lane, which come out sorted: Batcher's sort by merging odd and even places.
Lanes median_of_lanes(float* numbers, int n) {
  const auto at = [&](int i) { return numbers + static_cast<size_t>(i) * kLanes; };
  for (int run = 1; run < n; run *= 2) {
    for (int step = run; step >= 1; step /= 2) {
      for (int begin = step % run; begin + step < n; begin += 2 * step) {
        for (int i = begin; i < std::min(begin + step, n - step); ++i) {
          if (i / (2 * run) != (i + step) / (2 * run)) continue;
          const Lanes a = load(at(i)), b = load(at(i + step));
          store(at(i), min(a, b));
          store(at(i + step), max(a, b));
        }
      }
    }
  }
  return n % 2 == 1 ? load(at(n / 2)) : (load(at(n / 2 - 1)) + load(at(n / 2))) * 0.5f;
}

/// The median over bands at frames first .. first + count - 1; `out` may be written kTogether far.
void median_growth(const OnsetBands& bands, const OnsetStrengthOptions& options, size_t first, size_t count,
                   float* out) {
  const int rows = bands.rows();
  AlignedFloats growth(kTogether * static_cast<size_t>(rows), 0.0f), sorted(kLanes * static_cast<size_t>(rows));
  const auto of = [&](int band) { return growth.data() + kTogether * static_cast<size_t>(band); };
  for (int band = 0; band < rows; ++band) find_growth(bands, band, options, first, count, of(band));
  for (size_t t = 0; t < count; t += kLanes) {
    for (int band = 0; band < rows; ++band) store(sorted.data() + kLanes * band, load(of(band) + t));
    store(out + t, median_of_lanes(sorted.data(), rows));
  }
}

/// The high-pass filter (1 - z^-1) / (1 - 0.99 z^-1).
void take_slow_part_away(std::span<float> envelope) {
  double before = 0, filtered = 0;
  for (float& value : envelope) {
    filtered = value - before + 0.99 * filtered;
    before = value;
    value = static_cast<float>(filtered);
  }
}

/// What grew, over all bands, placed at the middle of the frames it compares.
void onset_strength(const OnsetBands& bands, const OnsetStrengthOptions& options, Track out) {
  const auto frames = static_cast<size_t>(bands.frames);
  const auto lag = static_cast<size_t>(options.lag);
  const auto envelope = out.row(0);
  std::fill(envelope.begin(), envelope.end(), 0.0f);
  const size_t shift = lag + static_cast<size_t>(options.center ? options.n_fft / (2 * options.hop()) : 0);
  if (frames <= shift) return;

  const auto aggregate = options.aggregate == "mean" ? mean_growth : median_growth;
  float some[kTogether];
  for (size_t first = 0; first < frames - shift; first += kTogether) {
    const size_t count = std::min(kTogether, frames - shift - first);
    aggregate(bands, options, first, count, some);
    std::copy_n(some, count, envelope.begin() + static_cast<long>(shift + first));
    if (first % (64 * kTogether) == 0) relieve_memory();
  }
  if (options.detrend) take_slow_part_away(envelope);
}

LUMIR_FEATURE(
    onset_strength, OnsetStrengthOptions,
    {
        .summary = "How much louder mel bands grow from frame to frame: high where notes begin.",
        .returns = "[1, frames] in dB",
        .example = "feature.onset_strength(clip)",
        .source = "Boeck and Widmer, Maximum filter vibrato suppression for onset detection (2013); librosa.onset",
        .input = "clip",
    });

}  // namespace

#ifndef LUMIR_KERNELS_ONLY
NodePtr OnsetBands::node(OnsetStrengthOptions options, int rate) {
  options.center = true;
  return MelDecibels::node(options, rate);
}

NodePtr OnsetEnvelope::node(const OnsetStrengthOptions& options, int rate) {
  return std::make_shared<detail::FeatureNode<OnsetStrengthOptions, &onset_strength>>("onset_strength", options, rate);
}
#endif

}  // namespace lumir::feature
