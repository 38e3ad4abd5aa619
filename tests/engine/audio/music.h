// Songs for tests: random melodies over random chords with some noise, different for each seed.

#pragma once

#include <cmath>
#include <numbers>

#include "audio/clip.h"
#include "core/random.h"

namespace lumir::tests {

/// `seconds` of mono music at `rate` Hz: four voices of five partials, each note 0.1 to 0.5 s long.
inline audio::Clip random_song(uint64_t seed, double seconds, int rate = 16000) {
  Random random(seed, "random song");
  audio::Clip clip;
  clip.rate = rate;
  const auto length = static_cast<size_t>(seconds * rate);
  clip.samples.assign(length, 0);
  for (int voice = 0; voice < 4; ++voice) {
    for (size_t begin = 0; begin < length;) {
      const auto notes = static_cast<size_t>(random.uniform(0.1, 0.5) * rate);
      const double pitch = 110 * std::pow(2, random.below(36) / 12.0);
      const double loudness = random.uniform(0.02, 0.1);
      for (size_t i = begin; i < std::min(length, begin + notes); ++i) {
        const double t = static_cast<double>(i - begin) / rate;
        for (int partial = 1; partial <= 5; ++partial) {
          clip.samples[i] += static_cast<float>(loudness / partial * std::exp(-3 * t) *
                                                std::sin(2 * std::numbers::pi * pitch * partial * t));
        }
      }
      begin += notes;
    }
  }
  for (auto& sample : clip.samples) sample += static_cast<float>(0.001 * random.normal());
  return clip;
}

/// The clip without its first `seconds`.
inline audio::Clip without_start(const audio::Clip& clip, double seconds) {
  audio::Clip rest = clip;
  rest.samples.erase(rest.samples.begin(), rest.samples.begin() + static_cast<long>(seconds * clip.rate));
  return rest;
}

}  // namespace lumir::tests
