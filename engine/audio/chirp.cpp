// A chirp: a tone that glides from one frequency to another.

#include <cmath>
#include <numbers>

#include "audio/generator.h"

namespace lumir::audio {
namespace {

struct ChirpOptions : SignalOptions {
  double fmin = 110;
  double fmax = 7040;
  bool linear = false;
  double amplitude = 1;
  double phase = -std::numbers::pi / 2;

  static Schema schema() {
    return extend(
        signal_schema<ChirpOptions>(),
        Option{"fmin", &ChirpOptions::fmin, "frequency at the beginning", Unit{"Hz"}, kPositive},
        Option{"fmax", &ChirpOptions::fmax, "frequency at the end", Unit{"Hz"}, kPositive},
        Option{"linear", &ChirpOptions::linear, "glide in Hz; else in octaves"},
        Option{"amplitude", &ChirpOptions::amplitude, "peak", Range{0, 1e6}},
        Option{"phase", &ChirpOptions::phase, "angle of the cosine's first sample", Unit{"radians"}, Range{-1e6, 1e6}});
  }
};

/// Turns since the beginning: the integral of the frequency.
double turns_at(double time, const ChirpOptions& options) {
  const double slope = (options.fmax - options.fmin) / options.seconds;
  if (options.linear) return options.fmin * time + slope / 2 * time * time;
  const double growth = std::log(options.fmax / options.fmin) / options.seconds;
  if (growth == 0) return options.fmin * time;
  return options.fmin * std::expm1(growth * time) / growth;
}

Clip chirp(const ChirpOptions& options) {
  return made_of(options, [&](size_t i) {
    const double turns = std::fmod(turns_at(static_cast<double>(i) / options.rate, options), 1.0);
    const double angle = 2 * std::numbers::pi * turns + options.phase;
    return options.amplitude * std::cos(angle);
  });
}

const RegisterGenerator<ChirpOptions> chirp_entry{"chirp",
                                                  chirp,
                                                  {.summary = "A tone that glides from fmin to fmax.",
                                                   .returns = "a Clip of [1, samples]",
                                                   .example = "audio.chirp { fmin = 110, fmax = 880, seconds = 0.5 }",
                                                   .source = "librosa.chirp; scipy.signal.chirp"}};

}  // namespace
}  // namespace lumir::audio
