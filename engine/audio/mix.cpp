// Mix: clips that sound at once.

#include <algorithm>
#include <cmath>

#include "audio/arithmetic.h"
#include "audio/join.h"
#include "core/registry.h"

namespace lumir::audio {
namespace {

void check_count(const char* option, size_t given, size_t clips) {
  if (given == 0 || given == clips) return;
  throw ArgumentError("mix: '" + std::string(option) + "' has " + std::to_string(given) + " numbers for " +
                      std::to_string(clips) + " clips");
}

const Entry& mix_entry = register_entry(
    "audio", "mix",
    {.summary = "The sum of several clips, each with its own gain and start.",
     .returns = "a Clip of [channels, samples], as long as the one that ends last",
     .example = "audio.mix({ clip, clip }, { gains = { 0, -6 }, starts = { 0, 0.5 } })",
     .source = "Lumir's own"},
    with_arguments({{"clips", "list of clips", "of one rate and as many channels"}}, schema_of<MixOptions>()));

}  // namespace

Schema MixOptions::schema() {
  return {
      Option{"gains", &MixOptions::gains, "one for each clip; none: as they are", Unit{"dB"}, Range{-200, 200}},
      Option{"starts", &MixOptions::starts, "when each clip begins; none: all at once", Unit{"s"}, Range{0, 86400}}};
}

Clip mix(std::span<const Clip> clips, const MixOptions& options) {
  check_alike("mix", clips);
  check_count("gains", options.gains.size(), clips.size());
  check_count("starts", options.starts.size(), clips.size());
  const auto start = [&](size_t i) {
    return options.starts.empty() ? 0 : samples_of(options.starts[i], clips[0].rate);
  };
  size_t length = 0;
  for (size_t i = 0; i < clips.size(); ++i) length = std::max(length, start(i) + clips[i].length());

  Clip out{Floats(length * static_cast<size_t>(clips[0].channels)), clips[0].channels, clips[0].rate};
  for (size_t i = 0; i < clips.size(); ++i) {
    const auto factor = static_cast<float>(options.gains.empty() ? 1 : std::pow(10, options.gains[i] / 20));
    for (int c = 0; c < out.channels; ++c) {
      const auto from = clips[i].channel(c);
      const auto to = out.channel(c).subspan(start(i), from.size());
      for (size_t k = 0; k < from.size(); ++k) to[k] += factor * from[k];
    }
  }
  return out;
}

}  // namespace lumir::audio
