// The phase vocoder: another tempo at the same pitch.

#pragma once

#include <span>

#include "core/spill.h"

namespace lumir::augment {

struct VocoderOptions {
  int n_fft = 2048;
  int hop_length = 512;
};

/// round(samples / rate) samples that sound `rate` times as fast; librosa 1.0's effects.time_stretch.
Floats stretched(std::span<const float> samples, double rate, const VocoderOptions& options);

}  // namespace lumir::augment
