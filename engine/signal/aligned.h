// Numbers that begin where a register's load likes them, at a multiple of 64 bytes, and are not set to 0 first.

#pragma once

#include <new>
#include <utility>
#include <vector>

#include "core/spill.h"

namespace lumir::signal {

template <class T>
struct AlignedAllocator : SpillAllocator<T> {
  using value_type = T;
  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}
  template <class U>
  struct rebind {
    using other = AlignedAllocator<U>;
  };
  /// Numbers that are about to be written need no zeros first.
  template <class U>
  void construct(U* p) {
    ::new (static_cast<void*>(p)) U;
  }
  template <class U, class... Arguments>
  void construct(U* p, Arguments&&... arguments) {
    ::new (static_cast<void*>(p)) U(std::forward<Arguments>(arguments)...);
  }
};

using AlignedFloats = std::vector<float, AlignedAllocator<float>>;
using AlignedDoubles = std::vector<double, AlignedAllocator<double>>;

}  // namespace lumir::signal
