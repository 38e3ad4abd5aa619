// The list of kernels of this program or module, and the one door by which the program reads a module's.

#include "feature/kernel.h"
#include "feature/lanes.h"

namespace lumir::feature {

std::vector<KernelEntry>& kernels() {
  static std::vector<KernelEntry> list;
  return list;
}

/// How many frames a kernel of this level takes at once.
int lanes_of_level() { return kLanes; }
LUMIR_KERNEL(lanes_of_level);

}  // namespace lumir::feature

#ifdef LUMIR_KERNELS_ONLY
extern "C" __attribute__((visibility("default"))) const lumir::feature::KernelEntry* lumir_kernels(size_t* count) {
  *count = lumir::feature::kernels().size();
  return lumir::feature::kernels().data();
}
#endif
