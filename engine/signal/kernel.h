// Kernels: the loops that are compiled once for each processor level.
//
// Files that hold LUMIR_KERNEL or LUMIR_FEATURE are compiled into the program (the generic level) and, on x86-64, into
// one module for each level: liblumir-v2.so, liblumir-v3.so, liblumir-v4.so beside the program. A module holds nothing
// but kernels. `best(&f)` is the kernel f of the level in use: the best that the processor has, or $LUMIR_SIMD's.
//
//   void limit_range(Track rows, float floor) { ... }
//   LUMIR_KERNEL(limit_range);                          // in namespace scope of the same .cpp
//   ...
//   best(&limit_range)(rows, -80);

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lumir::signal {

using AnyFunction = void();

/// A kernel as its module lists it.
struct KernelEntry {
  const char* name;
  AnyFunction* function;
};

/// What a module needs of the program: core/spill.h.
struct Memory {
  void* (*allocate)(size_t) = nullptr;
  void (*free)(void*, size_t) = nullptr;
  void (*relieve)() = nullptr;
};

/// The kernels of this program or module, in the order of registration.
const std::vector<KernelEntry>& kernels();
/// Adds one. Modules are matched by name, so one that is there already is an error, and the program does not start.
void list_kernel(const char* name, AnyFunction* function);

/// Lists one kernel; a static object, see LUMIR_KERNEL.
struct ListKernel {
  template <class Result, class... Arguments>
  ListKernel(const char* name, Result (*function)(Arguments...)) {
    list_kernel(name, reinterpret_cast<AnyFunction*>(function));
  }
};
#define LUMIR_KERNEL(function) \
  static const ::lumir::signal::ListKernel function##_kernel { #function, &function }

/// The level's version of a kernel of the program.
AnyFunction* best_of(AnyFunction* generic);
template <class Result, class... Arguments>
auto best(Result (*generic)(Arguments...)) {
  return reinterpret_cast<Result (*)(Arguments...)>(best_of(reinterpret_cast<AnyFunction*>(generic)));
}

/// Frames that a kernel takes at once: `best(&lanes_of_level)()`.
int lanes_of_level();

/// "generic", "v2", "v3" or "v4": the level that new plans use.
std::string level_name();
/// Levels that this processor has and whose modules are there, worst first; "generic" always is.
std::vector<std::string> levels();
/// Chooses a level for plans made from now on; throws ArgumentError for one that levels() lacks.
void use_level(const std::string& name);

}  // namespace lumir::signal
