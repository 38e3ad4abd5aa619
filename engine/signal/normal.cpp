// Philox over many counters, and Box and Muller's transform a register at a time.

#include "signal/normal.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "signal/kernel.h"
#include "signal/lanes.h"
#include "signal/philox.h"

namespace lumir::signal {
namespace {

constexpr int kBlocks = kPhiloxBlocks;

IntLanes load_words(const uint32_t* from) {
  IntLanes words;
  std::memcpy(&words, from, sizeof words);
  return words;
}

/// 23 bits of each word as a number between 0 and 1, neither of them.
Lanes between(IntLanes words) { return (__builtin_convertvector((words >> 9) & 0x7fffff, Lanes) + 0.5f) * 0x1p-23f; }

/// Two normal numbers of two words each. The angle is drawn in an eighth of the circle to both sides of an axis; which
/// axis, and which end of it, low bits say.
void transform(IntLanes first, IntLanes second, float* one, float* other) {
  const Lanes radius = sqrt(-1.38629436111989062f * log2(between(first)));
  const Lanes angle = (between(second) - 0.5f) * 1.57079632679489662f, square = angle * angle;
  Lanes sine = splat(-1.9515295891e-4f);
  sine = sine * square + 8.3321608736e-3f;
  sine = sine * square - 1.6666654611e-1f;
  sine = sine * square * angle + angle;
  Lanes cosine = splat(2.443315711809948e-5f);
  cosine = cosine * square - 1.388731625493765e-3f;
  cosine = cosine * square + 4.166664568298827e-2f;
  cosine = cosine * square * square - 0.5f * square + 1.0f;
  const IntLanes turned = (second & 1) != 0;
  const Lanes end = (second & 2) != 0 ? -radius : radius;
  store(one, end * (turned ? sine : cosine));
  store(other, end * (turned ? cosine : sine));
}

void normal_numbers(uint64_t key, float* out, size_t count) {
  alignas(64) uint32_t words[4 * kBlocks];
  alignas(64) float made[4 * kBlocks];
  uint64_t first = 0;
  while (count > 0) {
    philox(key, first, words);
    first += kBlocks;
    for (int half = 0; half < 2; ++half) {
      const int from = 2 * half * kBlocks;
      for (int i = from; i < from + kBlocks; i += kLanes) {
        transform(load_words(words + i), load_words(words + i + kBlocks), made + i, made + i + kBlocks);
      }
    }
    const size_t taken = std::min<size_t>(count, 4 * kBlocks);
    std::copy(made, made + taken, out);
    out += taken;
    count -= taken;
  }
}
LUMIR_KERNEL(normal_numbers);

}  // namespace

#ifndef LUMIR_KERNELS_ONLY
void fill_normal(std::span<float> out, uint64_t key) { best (&normal_numbers)(key, out.data(), out.size()); }
#endif

}  // namespace lumir::signal
