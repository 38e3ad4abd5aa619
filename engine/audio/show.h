// A Clip in words and as one line of waveform: what a terminal shows.

#pragma once

#include <string>

#include "audio/clip.h"

namespace lumir::audio {

/// "0:24.3", "1:02:03.4": length as a person reads it, to a tenth of a second.
std::string clock_time(double seconds);

/// Two lines: length, rate, channels, peak and RMS level in dB of full scale; then the envelope in 77 columns.
std::string show(const Clip& clip);

}  // namespace lumir::audio
