// The phase vocoder: another tempo at the same pitch.

#pragma once

#include <optional>
#include <span>

#include "core/spill.h"

namespace lumir::augment {

struct VocoderOptions {
  int n_fft = 2048;
  std::optional<int> hop_length;  // a quarter of the frame
};

/// round(samples / rate) samples that sound `rate` times as fast; librosa 1.0's effects.time_stretch.
Floats stretched(std::span<const float> samples, double rate, const VocoderOptions& options);

}  // namespace lumir::augment
