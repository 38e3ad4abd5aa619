// Libraries that are opened when one of their functions is first called.
//
// LibTorch takes a third of a second to load, FFmpeg and Pango a tenth; a recipe that needs none of them starts without.
// cmake/late_stubs.sh makes a stub for each function that the program calls in them, and a slot for each stub; what
// stands here fills the slots of a library.

#include <dlfcn.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <string>

#include "core/error.h"

extern "C" {
extern void* lumir_late_slots[];
extern const char lumir_late_libraries[];  // texts one after the other, an empty one at the end
extern const char lumir_late_names[];      // for each slot the library's number, from 1, and the function's name
void lumir_open_late(void** slot);
}

namespace lumir {
namespace {

struct LateFunction {
  int library = 0;  // from 1; 0 behind the last
  const char* name = nullptr;
};

/// Reads the function at `at` and steps to the next.
LateFunction next_function(const char*& at) {
  if (*at == 0) return {};
  const LateFunction found{*at, at + 1};
  at += 1 + std::strlen(found.name) + 1;
  return found;
}

const char* library_name(int number) {
  const char* at = lumir_late_libraries;
  for (int i = 1; i < number; ++i) at += std::strlen(at) + 1;
  return at;
}

int library_of(size_t slot) {
  const char* at = lumir_late_names;
  for (size_t i = 0; i < slot; ++i) next_function(at);
  return next_function(at).library;
}

/// Other threads may be calling: each finds its slot as it was or as it is now, and both lead on.
void fill_slots(void* library, int number) {
  const char* at = lumir_late_names;
  size_t slot = 0;
  for (LateFunction one = next_function(at); one.library != 0; one = next_function(at), ++slot) {
    if (one.library != number) continue;
    void* function = dlsym(library, one.name);
    if (!function) throw Error(std::string(library_name(number)) + " has no " + one.name);
    std::atomic_ref(lumir_late_slots[slot]).store(function, std::memory_order_release);
  }
}

}  // namespace
}  // namespace lumir

/// Called by the stub whose slot is not filled yet.
void lumir_open_late(void** slot) {
  static std::recursive_mutex guard;  // a library's own start may call into another one
  const std::lock_guard lock(guard);
  const int number = lumir::library_of(static_cast<size_t>(slot - lumir_late_slots));
  // visible to what such a library loads by itself later: LibTorch's part for CUDA
  void* library = dlopen(lumir::library_name(number), RTLD_LAZY | RTLD_GLOBAL);
  if (!library) throw lumir::Error(std::string("cannot be opened: ") + dlerror());
  lumir::fill_slots(library, number);
}
