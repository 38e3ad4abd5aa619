// The same length for every clip: cut at the end, or filled up.

#include <algorithm>

#include "audio/arithmetic.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

struct FixLengthOptions {
  double seconds = 30;
  std::optional<int> samples;
  std::string fill = "silence";

  static Schema schema() {
    return {Option{"seconds", &FixLengthOptions::seconds, "the new length", Unit{"s"}, Range{0, 86400}},
            Option{"samples", &FixLengthOptions::samples, "the new length, instead of seconds", Unit{"samples"},
                   Range{0, 1 << 30}},
            Option{"fill", &FixLengthOptions::fill, "what a shorter clip ends with; repeat begins it again",
                   Choices{"silence", "repeat"}}};
  }
};

Clip fix_length(const Clip& clip, const FixLengthOptions& options) {
  const size_t length =
      options.samples ? static_cast<size_t>(*options.samples) : samples_of(options.seconds, clip.rate);
  return each_channel(clip, [&](std::span<const float> channel) {
    Floats out(length);
    std::copy_n(channel.begin(), std::min(length, channel.size()), out.begin());
    if (options.fill == "repeat" && !channel.empty()) {
      for (size_t i = channel.size(); i < length; ++i) out[i] = out[i - channel.size()];
    }
    return out;
  });
}

const RegisterStep<FixLengthOptions, Clip, Clip> fix_length_step{
    "audio",
    "fix_length",
    fix_length,
    "a clip",
    {.summary = "Cuts the end off, or fills the clip up, until it lasts as long as said.",
     .returns = "a Clip of [channels, seconds * rate]",
     .example = "audio.fix_length(clip, { seconds = 2 })",
     .source = "librosa.util.fix_length, in seconds or samples",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::audio
