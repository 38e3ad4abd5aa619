// Loops that are worth a clone for each vector width; the best one is taken when the program starts.

#pragma once

#include <cstring>

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define LUMIR_VECTORISED __attribute__((target_clones("default", "arch=x86-64-v3", "avx512f")))
#else
#define LUMIR_VECTORISED
#endif

namespace lumir::learn {

/// Four numbers of one instruction, or of two where registers are narrower.
using Four = double __attribute__((vector_size(32)));

[[gnu::always_inline]] inline void load(const double* from, Four& value) { std::memcpy(&value, from, sizeof value); }

}  // namespace lumir::learn
