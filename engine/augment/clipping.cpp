// Clipping: the loudest samples are cut off, as an overdriven amplifier does.

#include <algorithm>
#include <cmath>

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct ClippingOptions {
  double percent = 1;

  static Schema schema() {
    return {Option{"percent", &ClippingOptions::percent, "share of the samples that are cut off", Unit{"%"},
                   Range{0, 100}}};
  }
};

/// The size that `percent` of all samples reach.
float level(const Clip& clip, double percent) {
  Floats sizes;
  for (const float sample : clip.samples) sizes.push_back(std::fabs(sample));
  const auto count = static_cast<double>(sizes.size());
  const auto place = static_cast<size_t>(std::min(count - 1, std::floor(count * (1 - percent / 100))));
  const auto nth = sizes.begin() + static_cast<long>(place);
  std::nth_element(sizes.begin(), nth, sizes.end());
  return *nth;
}

Clip clipping(const Clip& clip, const ClippingOptions& options) {
  if (clip.samples.empty()) return clip;
  const float limit = level(clip, options.percent);
  Clip out = clip;
  for (float& sample : out.samples) sample = std::clamp(sample, -limit, limit);
  return out;
}

const RegisterEffect<ClippingOptions> clipping_effect{
    "clipping",
    clipping,
    {.summary = "Cuts the loudest samples off at the level that the share given reaches.",
     .options = "{ percent = 10 }",
     .varied = "{ percent = { 0, 20 } }",
     .source =
         "applyClippingAlternative of Mauch and Ewert, The Audio Degradation Toolbox (ISMIR 2013), whose rescaling "
         "to full scale audio.normalize does"}};

}  // namespace
}  // namespace lumir::augment
