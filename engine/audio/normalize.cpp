// Normalisation: every clip gets the same peak, the same power or the same loudness.

#include <algorithm>
#include <cmath>

#include "audio/arithmetic.h"
#include "audio/loudness.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

struct NormalizeOptions {
  double peak = 1;
  std::optional<double> rms;
  std::optional<double> loudness;

  static Schema schema() {
    return {Option{"peak", &NormalizeOptions::peak, "size of the loudest sample afterwards", Range{0, 1e6}},
            Option{"rms", &NormalizeOptions::rms, "RMS level afterwards, instead of the peak; 1 has 0 dB", Unit{"dB"},
                   Range{-200, 100}},
            Option{"loudness", &NormalizeOptions::loudness, "loudness afterwards, instead of the peak", Unit{"LUFS"},
                   Range{-100, 20}}};
  }
};

/// Size of the loudest sample.
double peak_of(const Clip& clip) {
  float loudest = 0;
  for (const float sample : clip.samples) loudest = std::max(loudest, std::fabs(sample));
  return loudest;
}

double amplitude(double db) { return std::pow(10, db / 20); }

/// The factor that gives a loudness; 1 for silence. Throws ArgumentError for what is too short or too quiet to have one.
double factor_to(double wanted, const Clip& clip) {
  const double now = loudness(clip);
  if (std::isfinite(now)) return amplitude(wanted - now);
  if (peak_of(clip) == 0) return 1;
  const bool brief = clip.seconds() < kLoudnessBlock;
  throw ArgumentError("normalize: 'loudness' = " + show_number(wanted) + " cannot be reached: the clip " +
                      (brief ? "lasts " + show_number(clip.seconds()) + " s, less than the " +
                                   show_number(kLoudnessBlock) + " s that loudness is measured over"
                             : "lies below -70 LUFS, where no loudness is measured") +
                      "; take 'rms' or 'peak'");
}

/// One factor for all channels, so that their balance stays; silence stays silence.
Clip normalize(const Clip& clip, const NormalizeOptions& options) {
  if (options.rms && options.loudness) {
    throw ArgumentError("normalize: 'rms' and 'loudness' exclude each other; give one of them");
  }
  if (options.loudness) return scale(clip, factor_to(*options.loudness, clip));
  const double now = options.rms ? std::sqrt(power_of(clip)) : peak_of(clip);
  if (now == 0) return clip;
  return scale(clip, (options.rms ? amplitude(*options.rms) : options.peak) / now);
}

const RegisterStep<NormalizeOptions, Clip, Clip> normalize_step{
    "audio",
    "normalize",
    normalize,
    "a clip",
    {.summary = "Scales the clip to a peak, an RMS level or a loudness.",
     .returns = "a Clip of [channels, samples]",
     .example = "audio.normalize(clip, { peak = 0.9 })",
     .source = "librosa.util.normalize with norm = inf; EBU R 128 for loudness",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::audio
