// Zero-crossing rate: how often the sound changes its sign. High for hiss and consonants, low for bass.

#include <algorithm>

#include "feature/extractor.h"
#include "feature/frame_sums.h"
#include "signal/padding.h"

namespace lumir::feature {
namespace {

struct ZeroCrossingRateOptions : FrameOptions {
  double threshold = 1e-10;
  std::string pad_mode = "edge";

  static Schema schema() {
    return extend(frame_schema<ZeroCrossingRateOptions>(),
                  Option{"pad_mode", &ZeroCrossingRateOptions::pad_mode,
                         "what stands beyond the ends of a centred clip; the last sample again crosses nothing",
                         Choices{"constant", "edge", "reflect", "symmetric"}},
                  Option{"threshold", &ZeroCrossingRateOptions::threshold, "samples as near to 0 as this count as 0",
                         kNonNegative});
  }
};

/// Changes of sign between samples i - 1 and i for i = begin .. end - 1; 0 counts as positive. begin is at least 1.
long crossings(const float* samples, long begin, long end, float limit) {
  IntLanes counts{};
  long i = begin;
  for (; i + kLanes <= end; i += kLanes) {
    const IntLanes negative = load(samples + i) < limit;
    const IntLanes negative_before = load(samples + i - 1) < limit;
    counts -= negative ^ negative_before;
  }
  long total = 0;
  for (int lane = 0; lane < kLanes; ++lane) total += counts[lane];
  for (; i < end; ++i) total += (samples[i] < limit) != (samples[i - 1] < limit);
  return total;
}

/// Where frames reach beyond the clip, sample by sample; a frame's first sample has no predecessor in it.
void zero_crossing_rate(const Signal& signal, const ZeroCrossingRateOptions& options, Track out) {
  const float* samples = signal.samples();
  const long length = signal.length();
  const auto limit = static_cast<float>(-options.threshold);
  const auto negative = [&](long i) {
    const long from = padded_index(i, length, options.pad_mode);
    return from >= 0 && samples[from] < limit;
  };
  const auto outside = [&](long begin, long end) {
    long total = 0;
    for (long i = begin; i < end; ++i) total += negative(i) != negative(i - 1);
    return total;
  };
  const auto part = [&](long begin, long end) {
    const long inside = crossings(samples, std::clamp(begin, 1L, length), std::clamp(end, 1L, length), limit);
    if (options.pad_mode == "edge") return inside;
    return inside + outside(begin, std::min(end, 1L)) + outside(std::max(begin, length), end);
  };
  const Framing framing = options.framing();
  const auto row = out.row(0);
  sum_frames(options, out.frames, part, [&](long t, long total) {
    const long first = framing.begin(t);
    const long own = total - part(first, first + 1);
    row[static_cast<size_t>(t)] = static_cast<float>(own) / static_cast<float>(options.frame_length);
  });
}

LUMIR_FEATURE(zero_crossing_rate, ZeroCrossingRateOptions,
              {
                  .summary = "Share of each frame's samples at which the sign changes.",
                  .returns = "[1, frames], 0 to 1",
                  .example = "feature.zero_crossing_rate(clip)",
                  .source = "librosa.feature.zero_crossing_rate",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
