// Speed: faster and higher, or slower and lower, as a tape or a record does it.

#include <cmath>

#include "augment/effect.h"
#include "augment/varispeed.h"

namespace lumir::augment {
namespace {

struct SpeedOptions {
  double rate = 1;
  std::optional<double> final_rate;

  static Schema schema() {
    return {Option{"rate", &SpeedOptions::rate, "2 is twice as fast and an octave higher", Range{0.01, 100}},
            Option{"final_rate", &SpeedOptions::final_rate, "speed at the end, reached evenly; 'none' stays at rate",
                   Range{0.01, 100}}};
  }
};

/// How much longer the clip lasts where its speed goes evenly from one rate to the other.
double stretch(double first, double last) {
  if (std::fabs(last - first) < 1e-9) return 1 / first;
  return std::log(last / first) / (last - first);
}

Clip speed(const Clip& clip, const SpeedOptions& options) {
  const double first = options.rate, last = options.final_rate.value_or(options.rate);
  const auto samples = static_cast<double>(clip.length());
  const auto length = static_cast<size_t>(std::floor(samples * stretch(first, last) + 0.5));
  const auto at = [&](double position) { return first + (last - first) * std::fmin(1, position / samples); };
  return each_channel(clip, [&](std::span<const float> channel) { return varispeed(channel, at, length); });
}

const RegisterEffect<SpeedOptions> speed_effect{"speed",
                                                speed,
                                                {.summary = "Plays faster and higher, or slower and lower.",
                                                 .options = "{ rate = 1.05 }",
                                                 .varied = "{ rate = { 0.95, 1.05 } }",
                                                 .source = "libsamplerate, whose ratio may vary in time",
                                                 .returns = "a Clip of [channels, samples / rate]"}};

}  // namespace
}  // namespace lumir::augment
