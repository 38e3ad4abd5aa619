// The settings of glibc's malloc, and what it tells.

#include "core/memory.h"

#include <cstdlib>

#include "core/spill.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace lumir {

void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

size_t allocated_bytes() {
#if defined(__GLIBC__)
  const auto told = mallinfo2();
  return told.uordblks + told.hblkhd + spilled_bytes();
#else
  return 0;
#endif
}

}  // namespace lumir
