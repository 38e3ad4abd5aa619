// Draws and what they leave.

#include "nn/dropout_kernels.h"

#include <algorithm>

#include "signal/kernel.h"
#include "signal/philox.h"

namespace lumir::nn {
namespace {

template <class T>
void run(const Drop<T>& drop, int64_t first, int64_t last) {
  static_assert(kDropBlock == 4 * signal::kPhiloxBlocks);
  alignas(64) uint32_t words[kDropBlock];
  for (; first < last; first += kDropBlock) {
    signal::philox(drop.key, static_cast<uint64_t>(first) / 4, words);
    const int64_t count = std::min(kDropBlock, last - first);
    const T* x = drop.x + first;
    T* out = drop.out + first;
    for (int64_t i = 0; i < count; ++i) out[i] = x[i] * (words[i] < drop.kept ? drop.scale : T(0));  // NaN stays
  }
}

}  // namespace

void drop_floats(const Drop<float>& drop, int64_t first, int64_t last) { run(drop, first, last); }
void drop_doubles(const Drop<double>& drop, int64_t first, int64_t last) { run(drop, first, last); }
LUMIR_KERNEL(drop_floats);
LUMIR_KERNEL(drop_doubles);

}  // namespace lumir::nn
