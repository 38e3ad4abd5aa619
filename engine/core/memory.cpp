// The settings of glibc's malloc, and what it, or the allocator of a sanitizer, tells.

#include "core/memory.h"

#include <cerrno>
#include <climits>
#include <cstdint>
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
  // glibc before 2.35 refuses more than 32 MB, half of what a thread's heap has at most
  if (!mallopt(M_MMAP_THRESHOLD, 1 << 30)) mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

}  // namespace lumir

#if defined(__GLIBC__) && !defined(LUMIR_SANITIZED)
/// In place of glibc's, for this program and all that it loads: LibTorch gets its tensors here, at multiples of 64.
///
/// glibc cuts what lies before such an address off as a piece of its own. Whoever keeps that piece (a small tensor, a node
/// of a graph) keeps the block that was freed behind it from ever taking in the next tensor of its size, which needs the
/// piece again: a loop that keeps its losses grew by a tensor with each step. So sizes are multiples of 64, with malloc's
/// own 16 bytes, and a block that was freed is asked for as it is before a new one is cut.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): glibc's names are not for others
extern "C" int posix_memalign(void** block, size_t alignment, size_t size) noexcept {
  constexpr size_t kLine = 64, kOwn = 16;
  if (alignment < sizeof(void*) || (alignment & (alignment - 1)) != 0) return EINVAL;
  if (alignment == kLine && size < SIZE_MAX / 2) {
    size = (size + kOwn + kLine - 1) / kLine * kLine - kOwn;
    void* found = std::malloc(size);
    if (found && reinterpret_cast<uintptr_t>(found) % kLine == 0) return *block = found, 0;
    std::free(found);
  }
  void* cut = memalign(alignment, size);
  if (!cut) return ENOMEM;
  *block = cut;
  return 0;
}
#endif

namespace lumir {

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
