// Filter banks over blocks of frames.

#include "signal/filter_bank.h"

#include "signal/kernel.h"

namespace lumir::signal {

void apply_filters(const FilterBank& bank, const FrameBlock& spectrum, Rows out) {
  int row = 0;
  for (const auto& filter : bank.filters) {
    // two sums, so that an addition need not wait for the one before it
    Lanes even{}, odd{};
    const int n = static_cast<int>(filter.weights.size());
    const float* weights = filter.weights.data();
    for (int i = 0; i + 1 < n; i += 2) {
      even += weights[i] * spectrum[filter.first + i];
      odd += weights[i + 1] * spectrum[filter.first + i + 1];
    }
    if (n % 2 == 1) even += weights[n - 1] * spectrum[filter.first + n - 1];
    out[row++] = even + odd;
  }
}

LUMIR_KERNEL(apply_filters);

}  // namespace lumir::signal
