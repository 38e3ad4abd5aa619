// Numbers too small for full precision (below 1e-38 in float) as zeros.
//
// Filters whose sound has died away work on ever smaller numbers, and so does all that follows. Many processors take a
// hundred times longer for each of those, so loops over samples treat them, given and made, as zeros: nobody hears
// 760 dB below full scale. Not for all of a program: Lua and LibTorch keep them.

#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace lumir {

/// The calling thread's arithmetic, until the end of the scope.
class FlushDenormals {
 public:
  FlushDenormals() : before_(state()) { set(before_ | kFlush); }
  ~FlushDenormals() { set(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__x86_64__)
  using State = unsigned;
  static constexpr State kFlush = 0x8040;  // results, and what is read
  static State state() { return _mm_getcsr(); }
  static void set(State state) { _mm_setcsr(state); }
#elif defined(__aarch64__)
  using State = unsigned long;
  static constexpr State kFlush = 1ul << 24;
  static State state() {
    State state;
    asm volatile("mrs %0, fpcr" : "=r"(state));
    return state;
  }
  static void set(State state) { asm volatile("msr fpcr, %0" : : "r"(state)); }
#else
  using State = int;
  static constexpr State kFlush = 0;
  static State state() { return 0; }
  static void set(State) {}
#endif
  const State before_;
};

}  // namespace lumir
