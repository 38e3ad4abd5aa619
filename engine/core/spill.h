// Numbers that may be more than memory should hold: the samples of a recording of hours, and its rows.
//
// Floats is a std::vector<float>. From kSpillBytes on its numbers stand in a file without a name in the cache's folder,
// mapped into memory; relieve_memory() lets the process's pages of all such files go, their numbers stay. So loops over
// long recordings call it now and then, and a recording of ten hours needs disk, not memory.
//
// Where the folder has no room, work goes on in memory after one warning.

#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace lumir {

inline constexpr size_t kSpillBytes = size_t{128} << 20;

/// At a multiple of 64 bytes. Throws std::bad_alloc.
void* allocate_numbers(size_t bytes);
/// What allocate_numbers gave for as many bytes.
void free_numbers(void* numbers, size_t bytes);
/// Lets pages of spilled numbers go; costs nothing where there are none. From any thread.
void relieve_memory();
/// Bytes that stand in files now, and that more files may hold.
size_t spilled_bytes();
size_t spill_room();

template <class T>
struct SpillAllocator {
  using value_type = T;
  SpillAllocator() = default;
  template <class U>
  SpillAllocator(const SpillAllocator<U>&) {}
  T* allocate(size_t n) {
    if (n > std::numeric_limits<size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(allocate_numbers(n * sizeof(T)));
  }
  void deallocate(T* numbers, size_t n) { free_numbers(numbers, n * sizeof(T)); }
  template <class U>
  bool operator==(const SpillAllocator<U>&) const {
    return true;
  }
};

using Floats = std::vector<float, SpillAllocator<float>>;

}  // namespace lumir
