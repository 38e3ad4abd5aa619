// Philox (core/random.h) over many counters at once. Included by kernels only.

#pragma once

#include <cstdint>

namespace lumir::signal {

inline constexpr int kPhiloxBlocks = 256;  // that are made at once; four words each

/// The words of counters from `first` on under a key: word w of block i is words[w * kPhiloxBlocks + i].
inline void philox(uint64_t key, uint64_t first, uint32_t* words) {
  constexpr int n = kPhiloxBlocks;
  for (int i = 0; i < n; ++i) {
    const uint64_t counter = first + static_cast<uint64_t>(i);
    auto a = static_cast<uint32_t>(counter), b = static_cast<uint32_t>(counter >> 32);
    uint32_t c = 0, d = 0;
    auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const uint64_t p0 = uint64_t{0xD2511F53u} * a, p1 = uint64_t{0xCD9E8D57u} * c;
      a = static_cast<uint32_t>(p1 >> 32) ^ b ^ k0;
      b = static_cast<uint32_t>(p1);
      c = static_cast<uint32_t>(p0 >> 32) ^ d ^ k1;
      d = static_cast<uint32_t>(p0);
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    words[i] = a, words[n + i] = b, words[2 * n + i] = c, words[3 * n + i] = d;
  }
}

}  // namespace lumir::signal
