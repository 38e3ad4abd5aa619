// Peak normalisation: the loudest sample gets a known size.

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

struct NormalizeOptions {
  double peak = 1;

  static Schema schema() {
    return {Option{"peak", &NormalizeOptions::peak, "size of the loudest sample afterwards", Range{0, 1e6}}};
  }
};

/// One factor for all channels, so that their balance stays; silence stays silence.
Clip normalize(const Clip& clip, const NormalizeOptions& options) {
  float loudest = 0;
  for (const float sample : clip.samples) loudest = std::max(loudest, std::fabs(sample));
  Clip out = clip;
  if (loudest == 0) return out;
  const double factor = options.peak / loudest;
  for (float& sample : out.samples) sample = static_cast<float>(sample * factor);
  return out;
}

const RegisterStep<NormalizeOptions, Clip, Clip> normalize_step{
    "audio", "normalize", normalize, "a clip",
    {.summary = "Scales the clip so that its loudest sample has the size given.",
     .returns = "a Clip of [channels, samples]",
     .example = "audio.normalize(clip)",
     .source = "librosa.util.normalize with norm = inf",
     .arguments = "clip"}};

}  // namespace
}  // namespace lumir::audio
