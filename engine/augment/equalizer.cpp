// Equalizer: one band made louder or softer. For more bands, one step after the other.

#include "audio/biquad.h"
#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct EqualizerOptions {
  double frequency = 1000;
  double gain = 0;
  double q = 0.7071067811865476;
  std::string kind = "peak";

  static Schema schema() {
    return {
        Option{"frequency", &EqualizerOptions::frequency, "middle of a peak, edge of a shelf", Unit{"Hz"}, kPositive},
        Option{"gain", &EqualizerOptions::gain, "of the band; a notch has none", Unit{"dB"}, Range{-100, 100}},
        Option{"q", &EqualizerOptions::q, "frequency over width: large is narrow", Range{0.01, 1000}},
        Option{"kind", &EqualizerOptions::kind, "what is changed: a bell, all below, all above, one frequency",
               Choices{"peak", "low_shelf", "high_shelf", "notch"}}};
  }
};

audio::Biquad section(const EqualizerOptions& options, int rate) {
  if (options.kind == "low_shelf") return audio::low_shelf(options.frequency, options.gain, options.q, rate);
  if (options.kind == "high_shelf") return audio::high_shelf(options.frequency, options.gain, options.q, rate);
  if (options.kind == "notch") return audio::notch(options.frequency, options.q, rate);
  return audio::peak(options.frequency, options.gain, options.q, rate);
}

Clip equalizer(const Clip& clip, const EqualizerOptions& options) {
  audio::check_below_half("equalizer", "frequency", options.frequency, clip);
  return audio::filtered(clip, {section(options, clip.rate)});
}

const RegisterEffect<EqualizerOptions> equalizer_effect{
    "equalizer",
    equalizer,
    {.summary = "Makes one band of frequencies louder or softer.",
     .options = "{ frequency = 1000, gain = -6 }",
     .varied = "{ frequency = { 200, 5000 }, gain = { -9, 9 } }",
     .source = "Bristow-Johnson, Cookbook formulae for audio equalizer biquad filter coefficients"}};

}  // namespace
}  // namespace lumir::augment
