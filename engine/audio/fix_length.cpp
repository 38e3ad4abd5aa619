// The same length for every clip: cut at the end, or filled with silence.

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

struct FixLengthOptions {
  double seconds = 30;

  static Schema schema() {
    return {Option{"seconds", &FixLengthOptions::seconds, "the new length", Unit{"s"}, Range{0, 86400}}};
  }
};

Clip fix_length(const Clip& clip, const FixLengthOptions& options) {
  const auto length = static_cast<size_t>(std::floor(options.seconds * clip.rate + 0.5));
  const size_t kept = std::min(length, clip.length());
  Clip out{Floats(length * static_cast<size_t>(clip.channels)), clip.channels, clip.rate};
  for (int c = 0; c < clip.channels; ++c) {
    std::copy_n(clip.channel(c).begin(), kept, out.channel(c).begin());
  }
  return out;
}

const RegisterStep<FixLengthOptions, Clip, Clip> fix_length_step{
    "audio", "fix_length", fix_length, "a clip",
    {.summary = "Cuts the end off, or fills it with silence, until the clip lasts as long as said.",
     .returns = "a Clip of [channels, seconds * rate]",
     .example = "audio.fix_length(clip, { seconds = 2 })",
     .source = "librosa.util.fix_length, in seconds",
     .arguments = "clip"}};

}  // namespace
}  // namespace lumir::audio
