// What cannot hold in a build that watches itself (cmake/sanitize.cmake), said where a test leaves it out.

#pragma once

#include <cstdio>

namespace lumir::tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// True, with one counted line, under a sanitizer: it holds freed memory back, makes everything larger and ends where
/// memory runs out, so no bound on memory holds. `if (sanitized("an hour in 100 MB")) return;`
inline bool sanitized(const char* what) {
  if (kSanitized) std::printf("SKIPPED: %s, which a sanitizer's own memory hides\n", what);
  return kSanitized;
}

}  // namespace lumir::tests
