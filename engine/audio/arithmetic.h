// Clips as signals: louder, mixed, cut, taken apart.

#pragma once

#include "audio/clip.h"

namespace lumir::audio {

/// Every sample times `factor`.
Clip scale(const Clip& clip, double factor);
/// The sum of two clips, as long as the longer one. Throws ArgumentError where rate or channels differ.
Clip mix(const Clip& a, const Clip& b);
/// From `start` to before `stop`, in seconds, rounded to samples. Throws ArgumentError where that is not inside.
Clip part(const Clip& clip, double start, double stop);
/// One channel (0-based) by itself.
Clip one_channel(const Clip& clip, int channel);

/// A clip of the same rate: each channel is what `change` (of a span, giving a vector) makes of the old one.
template <class Change>
Clip each_channel(const Clip& clip, Change change) {
  Clip out{{}, clip.channels, clip.rate};
  for (int c = 0; c < clip.channels; ++c) {
    const auto samples = change(clip.channel(c));
    out.samples.insert(out.samples.end(), samples.begin(), samples.end());
  }
  return out;
}

/// Mean square of all samples.
double power_of(const Clip& clip);
/// The seconds as samples, to the nearest.
size_t samples_of(double seconds, int rate);

}  // namespace lumir::audio
