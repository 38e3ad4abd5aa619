// RMS: how loud each frame is, from the samples themselves.

#include <algorithm>
#include <cmath>

#include "feature/extractor.h"
#include "feature/frame_sums.h"
#include "signal/padding.h"

namespace lumir::feature {
namespace {

struct RmsOptions : FrameOptions {
  std::string pad_mode = "constant";

  static Schema schema() {
    return extend(frame_schema<RmsOptions>(),
                  Option{"pad_mode", &RmsOptions::pad_mode, "what stands beyond the ends of a centred clip",
                         Choices{"constant", "edge", "reflect", "symmetric"}});
  }
};

/// The sum of squares of samples begin .. end - 1, which lie inside the clip.
double energy(const float* samples, long begin, long end) {
  Lanes even{}, odd{};
  long i = begin;
  for (; i + 2 * kLanes <= end; i += 2 * kLanes) {
    const Lanes a = load(samples + i), b = load(samples + i + kLanes);
    even += a * a;
    odd += b * b;
  }
  double total = static_cast<double>(sum(even)) + sum(odd);
  for (; i < end; ++i) total += static_cast<double>(samples[i]) * samples[i];
  return total;
}

void rms(const Signal& signal, const RmsOptions& options, Track out) {
  const float* samples = signal.samples();
  const long length = signal.length();
  const auto padding = [&](long begin, long end) {
    double total = 0;
    for (long i = begin; i < end; ++i) {
      const double sample = samples[padded_index(i, length, options.pad_mode)];
      total += sample * sample;
    }
    return total;
  };
  const auto part = [&](long begin, long end) {
    double total = energy(samples, std::clamp(begin, 0L, length), std::clamp(end, 0L, length));
    if (options.pad_mode == "constant") return total;
    total += padding(begin, std::min(end, 0L));
    total += padding(std::max(begin, length), end);
    return total;
  };
  const auto row = out.row(0);
  sum_frames(options, out.frames, part, [&](long t, double total) {
    row[static_cast<size_t>(t)] = static_cast<float>(std::sqrt(total / options.frame_length));
  });
}

LUMIR_FEATURE(rms, RmsOptions,
              {
                  .summary = "Root of the mean square of each frame's samples.",
                  .returns = "[1, frames], 1 for full scale",
                  .example = "feature.rms(clip)",
                  .source = "librosa.feature.rms",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
