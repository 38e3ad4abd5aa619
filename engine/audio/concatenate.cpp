// Concatenate: clips that sound one after the other.

#include <algorithm>

#include "audio/arithmetic.h"
#include "audio/join.h"
#include "core/registry.h"

namespace lumir::audio {
namespace {

const Entry& concatenate_entry = register_entry(
    "audio", "concatenate",
    {.summary = "Clips one after the other, with silence between them or fading over into each other.",
     .returns = "a Clip of [channels, samples]",
     .example = "audio.concatenate({ clip, clip }, { gap = 0.5 })",
     .source = "Lumir's own"},
    with_arguments({{"clips", "list of clips", "of one rate and as many channels"}}, schema_of<ConcatenateOptions>()));

void check_fades(std::span<const Clip> clips, size_t fade) {
  for (size_t i = 0; i < clips.size(); ++i) {
    const size_t sides = (i > 0) + (i + 1 < clips.size());
    if (clips[i].length() >= sides * fade) continue;
    throw ArgumentError("concatenate: clip " + std::to_string(i + 1) + " is shorter than what fades of it");
  }
}

}  // namespace

Schema ConcatenateOptions::schema() {
  return {Option{"gap", &ConcatenateOptions::gap, "silence between two clips", Unit{"s"}, Range{0, 86400}},
          Option{"crossfade", &ConcatenateOptions::crossfade,
                 "in which one clip fades out evenly while the next fades in", Unit{"s"}, Range{0, 86400}}};
}

Clip concatenate(std::span<const Clip> clips, const ConcatenateOptions& options) {
  check_alike("concatenate", clips);
  if (options.gap > 0 && options.crossfade > 0) {
    throw ArgumentError("concatenate: 'gap' and 'crossfade' exclude each other; give one of them");
  }
  const int rate = clips[0].rate, channels = clips[0].channels;
  const size_t gap = samples_of(options.gap, rate), fade = samples_of(options.crossfade, rate);
  check_fades(clips, fade);
  std::vector<size_t> starts;
  size_t end = 0;
  for (size_t i = 0; i < clips.size(); ++i) {
    starts.push_back(i == 0 ? 0 : end + gap - fade);
    end = starts[i] + clips[i].length();
  }

  Clip out{Floats(end * static_cast<size_t>(channels)), channels, rate};
  for (size_t i = 0; i < clips.size(); ++i) {
    const size_t length = clips[i].length();
    for (int c = 0; c < channels; ++c) {
      const auto from = clips[i].channel(c);
      const auto to = out.channel(c).subspan(starts[i], length);
      for (size_t k = 0; k < length; ++k) {
        double weight = 1;
        if (i > 0 && k < fade) weight = (static_cast<double>(k) + 0.5) / static_cast<double>(fade);
        if (i + 1 < clips.size() && k + fade >= length) {
          weight = (static_cast<double>(length - k) - 0.5) / static_cast<double>(fade);
        }
        to[k] += static_cast<float>(weight * from[k]);
      }
    }
  }
  return out;
}

}  // namespace lumir::audio
