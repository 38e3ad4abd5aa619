// A Clip: samples that know their rate.

#pragma once

#include <cstddef>
#include <span>

#include "core/spill.h"

namespace lumir::audio {

/// Sound in memory: [channels, samples] of float in -1 to 1 (values beyond are kept), planar.
struct Clip {
  Floats samples;  // channel after channel
  int channels = 1;
  int rate = 0;  // Hz

  size_t length() const { return channels > 0 ? samples.size() / static_cast<size_t>(channels) : 0; }
  double seconds() const { return rate > 0 ? static_cast<double>(length()) / rate : 0; }
  std::span<const float> channel(int i) const { return {samples.data() + static_cast<size_t>(i) * length(), length()}; }
  std::span<float> channel(int i) { return {samples.data() + static_cast<size_t>(i) * length(), length()}; }
};

}  // namespace lumir::audio
