// Separation of whole clips.

#include "feature/separated_clip.h"

#include "core/error.h"
#include "feature/plan/samples.h"

namespace lumir::feature {

void check_separable(const audio::Clip& clip, const SpectrumOptions& options, const std::string& who) {
  if (clip.length() == 0) throw ArgumentError(who + ": the clip is empty");
  check_samples(clip.samples, who);
  const int window = options.win_length.value_or(options.n_fft);
  if (options.hop() > window) {
    throw ArgumentError(who + ": 'hop_length' = " + std::to_string(options.hop()) + " must be at most the window's " +
                        std::to_string(window) + " samples: what lies between windows could not be put together again");
  }
  if (options.framing().count(static_cast<long>(clip.length())) < 1) {
    throw ArgumentError(who + ": 'center' = false needs a clip of at least " + std::to_string(options.n_fft) +
                        " samples, got " + std::to_string(clip.length()));
  }
}

audio::Clip separated_clip(const audio::Clip& clip, const HpssOptions& options, HpssParts part,
                           const std::string& who) {
  check_separable(clip, options, who);
  audio::Clip out{{}, clip.channels, clip.rate};
  out.samples.reserve(clip.samples.size());
  try {
    for (int channel = 0; channel < clip.channels; ++channel) {
      separate(clip.channel(channel), options, part, [&](std::span<const float> tones, std::span<const float> clicks) {
        const auto wanted = part.harmonic ? tones : clicks;
        out.samples.insert(out.samples.end(), wanted.begin(), wanted.end());
      });
    }
  } catch (const ArgumentError& problem) {
    throw ArgumentError(who + ": " + problem.what());
  }
  return out;
}

}  // namespace lumir::feature
