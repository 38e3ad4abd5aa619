// Quantisation: samples of few bits.

#include <algorithm>
#include <cmath>

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct QuantizeOptions {
  int bits = 8;

  static Schema schema() {
    return {
        Option{"bits", &QuantizeOptions::bits, "of a sample: 2^bits levels from -1 to 1", Unit{"bits"}, Range{1, 24}}};
  }
};

/// The nearest level; full scale is one level less on the upper side, as in every wav file.
Clip quantize(const Clip& clip, const QuantizeOptions& options) {
  const double levels = std::ldexp(1.0, options.bits - 1);
  Clip out = clip;
  for (float& sample : out.samples) {
    sample = static_cast<float>(std::clamp(std::nearbyint(sample * levels), -levels, levels - 1) / levels);
  }
  return out;
}

const RegisterEffect<QuantizeOptions> quantize_effect{
    "quantize",
    quantize,
    {.summary = "Rounds samples to as many levels as the bits given can tell apart.",
     .options = "{ bits = 8 }",
     .varied = "{ bits = { 6, 12 } }",
     .source = "uniform quantisation without dither: Widrow and Kollar, Quantization Noise (2008), ch. 1"}};

}  // namespace
}  // namespace lumir::augment
