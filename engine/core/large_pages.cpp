#include "core/large_pages.h"

#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

namespace lumir {

std::vector<double> zeros_in_large_pages(size_t count) {
  std::vector<double> zeros;
  zeros.reserve(count);
#ifdef MADV_HUGEPAGE
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(zeros.data());
  const uintptr_t first = (begin + page - 1) / page * page, last = (begin + count * sizeof(double)) / page * page;
  // where it is refused, small pages do as well
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
  zeros.resize(count);
  return zeros;
}

}  // namespace lumir
