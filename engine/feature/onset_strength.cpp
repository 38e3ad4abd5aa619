// Onset strength: how much louder the bands grow from one frame to the next. High where notes begin.

#include "feature/onset_strength.h"

#include <algorithm>

#include "core/spill.h"
#include "feature/extractor.h"

namespace lumir::feature {
namespace {

/// Row `band` of the earlier frames: the greatest of max_size bands around it, as scipy's maximum_filter1d.
void earlier_row(const OnsetBands& bands, int band, int max_size, std::vector<float>& row) {
  const int first = std::max(0, band - max_size / 2);
  const int last = std::min(bands.rows() - 1, band - max_size / 2 + max_size - 1);
  const auto begin = bands.row(first);
  row.assign(begin.begin(), begin.end());
  for (int other = first + 1; other <= last; ++other) {
    const auto values = bands.row(other);
    for (size_t t = 0; t < row.size(); ++t) row[t] = std::max(row[t], values[t]);
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

/// The mean over bands of what grew, placed at the middle of the frames it compares.
void onset_strength(const OnsetBands& bands, const OnsetStrengthOptions& options, Track out) {
  const auto frames = static_cast<size_t>(bands.frames);
  const auto lag = static_cast<size_t>(options.lag);
  const auto envelope = out.row(0);
  std::fill(envelope.begin(), envelope.end(), 0.0f);
  const size_t shift = lag + static_cast<size_t>(options.center ? options.n_fft / (2 * options.hop_length) : 0);
  if (frames <= shift) return;

  std::vector<float> growth(frames, 0.0f);  // at t: from frame t to frame t + lag
  std::vector<float> widest;
  for (int band = 0; band < bands.rows(); ++band) {
    const float* now = bands.row(band).data() + lag;
    const float* before = bands.row(band).data();
    if (options.max_size > 1) {
      earlier_row(bands, band, options.max_size, widest);
      before = widest.data();
    }
    float* to = growth.data();
    for (size_t t = 0; t < frames - lag; ++t) {
      const float difference = now[t] - before[t];
      to[t] += difference > 0 ? difference : 0;
    }
    relieve_memory();
  }
  const float share = 1.0f / static_cast<float>(bands.rows());
  for (size_t t = shift; t < frames; ++t) envelope[t] = growth[t - shift] * share;
  if (options.detrend) take_slow_part_away(envelope);
}

LUMIR_FEATURE(onset_strength, OnsetStrengthOptions, {
    .summary = "How much louder mel bands grow from frame to frame: high where notes begin.",
    .returns = "[1, frames] in dB",
    .example = "feature.onset_strength(clip)",
    .source = "Boeck and Widmer, Maximum filter vibrato suppression for onset detection (2013); librosa.onset",
    .arguments = "clip",
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
