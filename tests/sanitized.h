// What cannot hold in a build that watches itself (cmake/sanitize.cmake), said where a test leaves it out.

#pragma once

#include <cstdio>

namespace lumir::tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// True, with one counted line, where races are watched for: a signal waits there for the next call of the C library, so
/// a loop without calls never hears of it.
inline bool signals_wait() {
#if defined(__SANITIZE_THREAD__)
  std::puts("SKIPPED: signals that reach a loop without calls, which ThreadSanitizer holds back");
  return true;
#else
  return false;
#endif
}

/// True, with one counted line, under a sanitizer: it holds freed memory back, makes everything larger and ends where
/// memory runs out, so no bound on memory holds. `if (sanitized("an hour in 100 MB")) return;`
inline bool sanitized(const char* what) {
  if (kSanitized) std::printf("SKIPPED: %s, which a sanitizer's own memory hides\n", what);
  return kSanitized;
}

}  // namespace lumir::tests
