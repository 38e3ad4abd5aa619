// A sine: the test signal whose every feature is known beforehand.

#include <cmath>
#include <numbers>

#include "audio/generator.h"

namespace lumir::audio {
namespace {

struct SineOptions : SignalOptions {
  double frequency = 440;
  double amplitude = 1;
  double phase = 0;

  static Schema schema() {
    return extend(signal_schema<SineOptions>(),
                  Option{"frequency", &SineOptions::frequency, "pitch", Unit{"Hz"}, kNonNegative},
                  Option{"amplitude", &SineOptions::amplitude, "peak", Range{0, 1e6}},
                  Option{"phase", &SineOptions::phase, "angle of the first sample; 0 begins at 0 and rises",
                         Unit{"radians"}, Range{-1e6, 1e6}});
  }
};

/// Each sample from its own angle, because a sum of steps drifts.
Clip sine(const SineOptions& options) {
  return made_of(options, [&](size_t i) {
    const double turns = std::fmod(options.frequency * static_cast<double>(i) / options.rate, 1.0);
    const double angle = 2 * std::numbers::pi * turns + options.phase;
    return options.amplitude * std::sin(angle);
  });
}

const RegisterGenerator<SineOptions> sine_entry{
    "sine",
    sine,
    {.summary = "A pure tone.",
     .returns = "a Clip of [1, samples]",
     .example = "audio.sine { frequency = 440, seconds = 0.5 }",
     .source = "librosa.tone, which begins with a cosine at phase -pi / 2: the same sine"}};

}  // namespace
}  // namespace lumir::audio
