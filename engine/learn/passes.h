// Grown trees as rows pass them: small nodes, and rows that go down side by side.

#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

namespace lumir::learn {

/// A node as a row passes it. T is that of the rows' numbers.
template <class T>
struct Pass {
  T threshold = std::numeric_limits<T>::infinity();  // above: to `next` + 1
  int column = 0;
  int next = 0;  // a leaf leads to itself
};

/// The leaves where rows of so many columns end, none of whose numbers is missing. Several rows go down side by side:
/// while one waits for memory, the others move.
template <class T>
void find_leaves(std::span<const Pass<T>> passes, const T* rows, size_t columns, std::span<int> leaves) {
  constexpr size_t kBeside = 16;
  for (size_t first = 0; first < leaves.size(); first += kBeside) {
    const auto some = leaves.subspan(first, std::min(kBeside, leaves.size() - first));
    const T* row = rows + first * columns;
    std::fill(some.begin(), some.end(), 0);
    for (bool moved = true; moved;) {
      moved = false;
      for (size_t r = 0; r < some.size(); ++r) {
        const Pass<T>& pass = passes[static_cast<size_t>(some[r])];
        const int next = pass.next + (row[r * columns + static_cast<size_t>(pass.column)] > pass.threshold);
        moved |= next != some[r];
        some[r] = next;
      }
    }
  }
}

}  // namespace lumir::learn
