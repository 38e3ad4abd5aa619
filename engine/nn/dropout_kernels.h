// Kernels of dropout, for each processor level: what is drawn is not kept but drawn again on the way back.

#pragma once

#include <cstdint>

namespace lumir::nn {

/// Numbers that a kernel draws for at once; parts begin at multiples of it.
inline constexpr int64_t kDropBlock = 1024;

template <class T>
struct Drop {
  uint64_t key = 0;   // names what is drawn, with a number's place
  uint32_t kept = 0;  // a number stays where its word is below
  T scale = 1;        // of those that stay
  const T* x = nullptr;
  T* out = nullptr;
};

/// Numbers from `first` to before `last`.
void drop_floats(const Drop<float>& drop, int64_t first, int64_t last);
void drop_doubles(const Drop<double>& drop, int64_t first, int64_t last);

}  // namespace lumir::nn
