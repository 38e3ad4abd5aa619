// Another sample rate: soxr for fixed ratios, libsamplerate for the qualities it names.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "core/schema.h"

namespace lumir::audio {

struct ResampleOptions {
  int rate = 22050;                 // Hz
  std::string quality = "soxr_hq";  // soxr_vhq, soxr_hq, soxr_mq, sinc_best, sinc_medium, sinc_fastest
  static Schema schema();
};

/// The clip at another rate; ceil(length * rate / clip.rate) samples, as librosa.resample has it.
Clip resample(const Clip& clip, const ResampleOptions& options);

}  // namespace lumir::audio
