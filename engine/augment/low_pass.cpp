// Low-pass: only what lies below a frequency is left.

#include "audio/biquad.h"
#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct LowPassOptions {
  double cutoff = 4000;
  int order = 4;

  static Schema schema() {
    return {Option{"cutoff", &LowPassOptions::cutoff, "where 3 dB are lost", Unit{"Hz"}, kPositive},
            Option{"order", &LowPassOptions::order, "steepness: 6 dB an octave each", Range{1, 20}}};
  }
};

Clip low_pass(const Clip& clip, const LowPassOptions& options) {
  audio::check_below_half("low_pass", "cutoff", options.cutoff, clip);
  return audio::filtered(clip, audio::butterworth_low_pass(options.cutoff, options.order, clip.rate));
}

const RegisterEffect<LowPassOptions> low_pass_effect{
    "low_pass",
    low_pass,
    {.summary = "Takes away what lies above a frequency (Butterworth).",
     .options = "{ cutoff = 3000 }",
     .varied = "{ cutoff = { 2000, 6000 } }",
     .source = "scipy.signal.butter and sosfilt"}};

}  // namespace
}  // namespace lumir::augment
