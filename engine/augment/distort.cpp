// Harmonic distortion: a bent characteristic adds odd harmonics to every tone.

#include <cmath>
#include <numbers>

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct DistortOptions {
  int times = 3;

  static Schema schema() {
    return {Option{"times", &DistortOptions::times, "how often the curve is passed; more is harsher", Range{0, 20}}};
  }
};

Clip distort(const Clip& clip, const DistortOptions& options) {
  Clip out = clip;
  for (int pass = 0; pass < options.times; ++pass) {
    for (float& sample : out.samples) sample = static_cast<float>(std::sin(sample * (std::numbers::pi / 2)));
  }
  return out;
}

const RegisterEffect<DistortOptions> distort_effect{
    "distort",
    distort,
    {.summary = "Bends the waveform: sin(pi x / 2), again and again.",
     .options = "{ times = 2 }",
     .varied = "{ times = { 1, 3 } }",
     .source = "applyHarmonicDistortion of Mauch and Ewert, The Audio Degradation Toolbox (ISMIR 2013)"}};

}  // namespace
}  // namespace lumir::augment
