// The list of kernels of this program or module, and the one door by which the program reads a module's.

#include "signal/kernel.h"

#include <algorithm>
#include <stdexcept>

#include "signal/lanes.h"

namespace lumir::signal {
namespace {

std::vector<KernelEntry>& listed() {
  static std::vector<KernelEntry> list;
  return list;
}

}  // namespace

const std::vector<KernelEntry>& kernels() { return listed(); }

void list_kernel(const char* name, AnyFunction* function) {
  const auto same = [&](const KernelEntry& entry) { return std::string_view(entry.name) == name; };
  if (std::any_of(listed().begin(), listed().end(), same)) {
    throw std::logic_error(std::string("two kernels are called ") + name);
  }
  listed().push_back({name, function});
}

/// How many frames a kernel of this level takes at once.
int lanes_of_level() { return kLanes; }
LUMIR_KERNEL(lanes_of_level);

}  // namespace lumir::signal

#ifdef LUMIR_KERNELS_ONLY
namespace {
lumir::signal::Memory program;  // the program's memory, so that numbers may be freed on either side
}
namespace lumir {
void* allocate_numbers(size_t bytes) { return program.allocate(bytes); }
void free_numbers(void* numbers, size_t bytes) { program.free(numbers, bytes); }
void relieve_memory() { program.relieve(); }
}  // namespace lumir

extern "C" __attribute__((visibility("default"))) const lumir::signal::KernelEntry* lumir_kernels(
    const lumir::signal::Memory* memory, size_t* count) {
  program = *memory;
  *count = lumir::signal::kernels().size();
  return lumir::signal::kernels().data();
}
#endif
