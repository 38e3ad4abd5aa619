// Wow: the pitch goes slowly up and down, as on a record whose hole is not in its middle.

#include <cmath>
#include <numbers>

#include "augment/effect.h"
#include "augment/varispeed.h"

namespace lumir::augment {
namespace {

struct WowOptions {
  double percent = 1.5;
  double frequency = 0.5;
  double phase = 0;

  static Schema schema() {
    return {
        Option{"percent", &WowOptions::percent, "largest change of the speed", Unit{"%"}, Range{0, 50}},
        Option{"frequency", &WowOptions::frequency, "how often it goes up and down", Unit{"Hz"}, Range{0.001, 100}},
        Option{"phase", &WowOptions::phase, "where in its turn it begins; 0 is slowest", Unit{"turns"}, Range{0, 1}}};
  }
};

/// Second x of the clip comes at x + a sin(2 pi f x) / (2 pi f), a = percent / 100: the source's map, with a phase.
Clip wow(const Clip& clip, const WowOptions& options) {
  const double depth = options.percent / 100, turn = 2 * std::numbers::pi * options.frequency / clip.rate;
  const double begin = 2 * std::numbers::pi * options.phase;
  const auto speed = [&](double x) { return 1 / (1 + depth * std::cos(turn * x + begin)); };
  const auto comes_at = [&](double x) { return x + depth * (std::sin(turn * x + begin) - std::sin(begin)) / turn; };
  const auto length = static_cast<size_t>(std::floor(comes_at(static_cast<double>(clip.length())) + 0.5));
  return each_channel(clip, [&](std::span<const float> channel) { return varispeed(channel, speed, length); });
}

const RegisterEffect<WowOptions> wow_effect{
    "wow",
    wow,
    {.summary = "Lets the speed go up and down, evenly and again and again.",
     .options = "{ percent = 1.5, frequency = 0.55 }",
     .varied = "{ percent = { 0.5, 2 }, frequency = { 0.4, 0.8 }, phase = { 0, 1 } }",
     .source = "applyWowResampling of Mauch and Ewert, The Audio Degradation Toolbox (ISMIR 2013); libsamplerate"}};

}  // namespace
}  // namespace lumir::augment
