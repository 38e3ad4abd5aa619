// Band-pass: what lies between two frequencies is left, as on a telephone.

#include "audio/biquad.h"
#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct BandPassOptions {
  double low = 300;
  double high = 3400;
  int order = 4;

  static Schema schema() {
    return {Option{"low", &BandPassOptions::low, "lower edge, where 3 dB are lost", Unit{"Hz"}, kPositive},
            Option{"high", &BandPassOptions::high, "upper edge, where 3 dB are lost", Unit{"Hz"}, kPositive},
            Option{"order", &BandPassOptions::order, "steepness of each side: 6 dB an octave each", Range{1, 20}}};
  }
};

/// A high-pass, then a low-pass: each side has its own order, and any width works.
Clip band_pass(const Clip& clip, const BandPassOptions& options) {
  audio::check_below_half("band_pass", "high", options.high, clip);
  if (options.low >= options.high) {
    throw ArgumentError("band_pass: 'low' = " + show_number(options.low) +
                        " Hz is not below 'high' = " + show_number(options.high) + " Hz");
  }
  auto sections = audio::butterworth_high_pass(options.low, options.order, clip.rate);
  for (const auto& section : audio::butterworth_low_pass(options.high, options.order, clip.rate))
    sections.push_back(section);
  return audio::filtered(clip, sections);
}

const RegisterEffect<BandPassOptions> band_pass_effect{
    "band_pass",
    band_pass,
    {.summary = "Keeps what lies between two frequencies (Butterworth on both sides).",
     .options = "{ low = 300, high = 3400 }",
     .varied = "{ low = { 200, 400 }, high = { 3000, 5000 } }",
     .source = "scipy.signal.butter, high-pass then low-pass; ITU-T G.712 for the telephone's 300 to 3400 Hz"}};

}  // namespace
}  // namespace lumir::augment
