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

}  // namespace lumir::audio
