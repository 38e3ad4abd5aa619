// The signal that tests/golden/feature_options/make.py makes too.

#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "audio/clip.h"

namespace lumir::tests {

/// Three seconds: a tone, a chirp, decaying beats twice a second, noise; the last quarter is 40 dB lower.
inline audio::Clip golden_signal(int rate) {
  audio::Clip clip;
  clip.rate = rate;
  const int count = 3 * rate;
  uint32_t state = 1;
  for (int i = 0; i < count; ++i) {
    state = 1664525u * state + 1013904223u;
    const double noise = state / 4294967296.0 - 0.5;
    const double t = static_cast<double>(i) / rate;
    const double since = t - std::floor(t * 2) / 2;
    constexpr double turn = 2 * std::numbers::pi;
    double y = 0.3 * std::sin(turn * 225 * t) + 0.2 * std::sin(turn * (300 * t + 400 * t * t)) + 0.1 * noise;
    y += 0.4 * std::exp(-30 * since) * std::sin(turn * 880 * since);
    if (i >= 3 * count / 4) y *= 0.01;
    clip.samples.push_back(static_cast<float>(y));
  }
  return clip;
}

}  // namespace lumir::tests
