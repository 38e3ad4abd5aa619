// High-pass: only what lies above a frequency is left.

#include "audio/biquad.h"
#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct HighPassOptions {
  double cutoff = 200;
  int order = 4;

  static Schema schema() {
    return {Option{"cutoff", &HighPassOptions::cutoff, "where 3 dB are lost", Unit{"Hz"}, kPositive},
            Option{"order", &HighPassOptions::order, "steepness: 6 dB an octave each", Range{1, 20}}};
  }
};

Clip high_pass(const Clip& clip, const HighPassOptions& options) {
  audio::check_below_half("high_pass", "cutoff", options.cutoff, clip);
  return audio::filtered(clip, audio::butterworth_high_pass(options.cutoff, options.order, clip.rate));
}

const RegisterEffect<HighPassOptions> high_pass_effect{
    "high_pass",
    high_pass,
    {.summary = "Takes away what lies below a frequency (Butterworth).",
     .options = "{ cutoff = 300 }",
     .varied = "{ cutoff = { 100, 400 } }",
     .source = "scipy.signal.butter and sosfilt"}};

}  // namespace
}  // namespace lumir::augment
