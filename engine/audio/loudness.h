// Loudness as broadcasters measure it: ITU-R BS.1770-4, integrated, gated.

#pragma once

#include "audio/clip.h"

namespace lumir::audio {

/// Seconds of the shortest clip that has a loudness.
inline constexpr double kLoudnessBlock = 0.4;

/// LUFS; -infinity for silence and for clips of less than 0.4 s. The first two channels count alike, as do all others
/// (1.41 times as much: surrounds). A full-scale sine of 997 Hz in one channel has -3.01.
double loudness(const Clip& clip);

}  // namespace lumir::audio
