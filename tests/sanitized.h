// What cannot hold in a build that watches itself (cmake/sanitize.cmake), said where a test leaves it out.

#pragma once

#include <cstdio>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

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

/// What is allocated while it is held may leak: for a library that loses memory of its own inside one call, and has no
/// names by which tests/sanitizers/leaks.txt could tell where.
class LeaksOfOthers {
 public:
#if defined(__SANITIZE_ADDRESS__)
  LeaksOfOthers() { __lsan_disable(); }
  ~LeaksOfOthers() { __lsan_enable(); }
#else
  LeaksOfOthers() {}
  ~LeaksOfOthers() {}
#endif
  LeaksOfOthers(const LeaksOfOthers&) = delete;
  LeaksOfOthers& operator=(const LeaksOfOthers&) = delete;
};

}  // namespace lumir::tests
