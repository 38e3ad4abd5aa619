// A look at every sample before work begins.

#include "feature/plan/finite.h"

#include "feature/plan/terms.h"
#include "signal/kernel.h"
#include "signal/lanes.h"

namespace lumir::feature {

bool all_finite(const float* samples, long n) {
  // x - x is 0 unless x is NaN or infinite
  Lanes even{}, odd{};
  long i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    const Lanes a = load(samples + i), b = load(samples + i + kLanes);
    even += a - a;
    odd += b - b;
  }
  float rest = 0;
  for (; i < n; ++i) rest += samples[i] - samples[i];
  return sum(even) + sum(odd) + rest == 0;
}

LUMIR_KERNEL(all_finite);

}  // namespace lumir::feature
