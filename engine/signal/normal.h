// Standard normal numbers by the thousand, for noise.
//
// A sample of noise by Random::normal takes 30 ns, most of it for a logarithm, a sine and a cosine; here a register of them
// is made at once: 480,000 (30 s at 16 kHz) take 16 ms one by one, 1 ms here (AMD EPYC, Zen 4).

#pragma once

#include <cstdint>
#include <span>

namespace lumir::signal {

/// What a key of 64 bits names: Philox (core/random.h) and Box and Muller's transform of words of 32 bits, so none is
/// beyond 6. The same at every processor level, but for last digits.
void fill_normal(std::span<float> out, uint64_t key);

}  // namespace lumir::signal
