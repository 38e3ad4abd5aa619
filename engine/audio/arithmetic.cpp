// Sums, factors and parts of clips.

#include "audio/arithmetic.h"

#include <cmath>

#include "core/error.h"
#include "core/value.h"

namespace lumir::audio {

Clip scale(const Clip& clip, double factor) {
  Clip out = clip;
  for (float& sample : out.samples) sample = static_cast<float>(sample * factor);
  return out;
}

Clip mix(const Clip& a, const Clip& b) {
  if (a.rate != b.rate) {
    throw ArgumentError("mix: rates " + std::to_string(a.rate) + " and " + std::to_string(b.rate) +
                        " Hz differ; audio.resample one of them");
  }
  if (a.channels != b.channels) {
    throw ArgumentError("mix: " + std::to_string(a.channels) + " and " + std::to_string(b.channels) +
                        " channels do not fit");
  }
  const Clip& longer = a.length() >= b.length() ? a : b;
  const Clip& shorter = a.length() >= b.length() ? b : a;
  Clip out = longer;
  for (int c = 0; c < out.channels; ++c) {
    const auto from = shorter.channel(c);
    const auto to = out.channel(c);
    for (size_t i = 0; i < from.size(); ++i) to[i] += from[i];
  }
  return out;
}

Clip part(const Clip& clip, double start, double stop) {
  const double first = std::floor(start * clip.rate + 0.5);
  const double last = std::floor(stop * clip.rate + 0.5);
  if (!(first >= 0 && last >= first && last <= static_cast<double>(clip.length()))) {
    throw ArgumentError("part: " + show_number(start) + " to " + show_number(stop) + " s is not inside 0 to " +
                        show_number(clip.seconds()) + " s");
  }
  Clip out{{}, clip.channels, clip.rate};
  for (int c = 0; c < clip.channels; ++c) {
    const auto piece = clip.channel(c).subspan(static_cast<size_t>(first), static_cast<size_t>(last - first));
    out.samples.insert(out.samples.end(), piece.begin(), piece.end());
  }
  return out;
}

Clip one_channel(const Clip& clip, int channel) {
  const auto samples = clip.channel(channel);
  return {{samples.begin(), samples.end()}, 1, clip.rate};
}

double power_of(const Clip& clip) {
  double sum = 0;
  for (const float sample : clip.samples) sum += static_cast<double>(sample) * sample;
  return clip.samples.empty() ? 0 : sum / static_cast<double>(clip.samples.size());
}

size_t samples_of(double seconds, int rate) { return static_cast<size_t>(std::floor(seconds * rate + 0.5)); }

}  // namespace lumir::audio
