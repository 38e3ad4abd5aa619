// The settings of glibc's malloc, and what it, or the allocator of a sanitizer, tells.

#include "core/memory.h"

#include <cstdlib>

#include "core/spill.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LUMIR_SANITIZED
extern "C" size_t __sanitizer_get_current_allocated_bytes();  // of a header that g++ does not bring
#elif defined(__GLIBC__)
#include <malloc.h>
#endif

namespace lumir {

void keep_freed_memory() {
#if defined(__GLIBC__) && !defined(LUMIR_SANITIZED)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

size_t allocated_bytes() {
#if defined(LUMIR_SANITIZED)
  return __sanitizer_get_current_allocated_bytes() + spilled_bytes();  // it has an allocator of its own
#elif defined(__GLIBC__)
  const auto told = mallinfo2();
  return told.uordblks + told.hblkhd + spilled_bytes();
#else
  return 0;
#endif
}

}  // namespace lumir
