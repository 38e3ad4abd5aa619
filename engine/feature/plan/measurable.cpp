// A look at every sample before work begins.

#include "feature/plan/measurable.h"

#include <limits>

#include "feature/plan/terms.h"
#include "signal/kernel.h"
#include "signal/lanes.h"

namespace lumir::feature {

bool all_measurable(const float* samples, long n) {
  constexpr float kScale = std::numeric_limits<float>::max() / kLoudest;  // makes infinite what is too loud
  // x * 0 is 0 unless x is NaN or infinite
  Lanes even{}, odd{};
  long i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    const Lanes a = load(samples + i) * kScale, b = load(samples + i + kLanes) * kScale;
    even += a * 0.0F;
    odd += b * 0.0F;
  }
  float rest = 0;
  for (; i < n; ++i) rest += samples[i] * kScale * 0.0F;
  return sum(even) + sum(odd) + rest == 0;
}

LUMIR_KERNEL(all_measurable);

}  // namespace lumir::feature
