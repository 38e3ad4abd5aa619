// Trim: silence at both ends goes.
//
// A frame is silent where its RMS lies more than top_db below that of the loudest frame, as in librosa.

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

struct TrimOptions {
  double top_db = 60;
  int frame_length = 2048;
  int hop_length = 512;

  static Schema schema() {
    return {Option{"top_db", &TrimOptions::top_db, "what is this far below the loudest frame is silence", Unit{"dB"},
                   kPositive},
            Option{"frame_length", &TrimOptions::frame_length, "length of a frame", Unit{"samples"}, Range{1, 1 << 24}},
            Option{"hop_length", &TrimOptions::hop_length, "from frame to frame", Unit{"samples"}, Range{1, 1 << 24}}};
  }
};

/// Mean power of the frame whose middle is at `middle`; beyond the ends there are zeros.
double frame_power(std::span<const float> samples, size_t middle, const TrimOptions& options) {
  const auto frame = static_cast<size_t>(options.frame_length);
  const size_t before = std::min(middle, frame / 2);
  const size_t first = middle - before;
  const size_t last = std::min(samples.size(), middle + frame - frame / 2);
  double sum = 0;
  for (size_t i = first; i < last; ++i) sum += static_cast<double>(samples[i]) * samples[i];
  return sum / static_cast<double>(frame);
}

/// Power of each frame in its loudest channel.
std::vector<double> frame_powers(const Clip& clip, const TrimOptions& options) {
  const auto hop = static_cast<size_t>(options.hop_length);
  std::vector<double> powers(1 + clip.length() / hop, 0.0);
  for (int c = 0; c < clip.channels; ++c) {
    for (size_t t = 0; t < powers.size(); ++t) {
      powers[t] = std::max(powers[t], frame_power(clip.channel(c), t * hop, options));
    }
  }
  return powers;
}

Clip between(const Clip& clip, size_t first, size_t last) {
  Clip out{{}, clip.channels, clip.rate};
  for (int c = 0; c < clip.channels; ++c) {
    const auto part = clip.channel(c).subspan(first, last - first);
    out.samples.insert(out.samples.end(), part.begin(), part.end());
  }
  return out;
}

Clip trim(const Clip& clip, const TrimOptions& options) {
  constexpr double kSmallest = 1e-10;  // librosa's amin = 1e-5, as power
  const std::vector<double> powers = frame_powers(clip, options);
  const double loudest = std::max(kSmallest, *std::max_element(powers.begin(), powers.end()));
  const double limit = loudest * std::pow(10, -options.top_db / 10);
  const auto sounds = [&](double power) { return std::max(kSmallest, power) > limit; };
  const auto first = std::find_if(powers.begin(), powers.end(), sounds);
  const auto last = std::find_if(powers.rbegin(), powers.rend(), sounds).base();
  const auto hop = static_cast<size_t>(options.hop_length);
  const size_t from = static_cast<size_t>(first - powers.begin()) * hop;
  const size_t to = std::min(clip.length(), static_cast<size_t>(last - powers.begin()) * hop);
  return between(clip, std::min(from, to), to);
}

const RegisterStep<TrimOptions, Clip, Clip> trim_step{"audio",
                                                      "trim",
                                                      trim,
                                                      "a clip",
                                                      {.summary = "Takes silence off both ends.",
                                                       .returns = "a Clip of [channels, fewer samples]",
                                                       .example = "audio.trim(clip, { top_db = 30 })",
                                                       .source = "librosa.effects.trim",
                                                       .input = "clip"}};

}  // namespace
}  // namespace lumir::audio
