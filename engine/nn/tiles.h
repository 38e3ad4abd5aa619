// Products whose sums stay in registers. Included by kernels only.

#pragma once

#include <cstdint>
#include <utility>

#include "nn/registers.h"

namespace lumir::nn {

/// Which columns of sums a product goes into.
template <int... column>
struct Columns {};

/// Calls body with 0 to n - 1 as constants: no loop is left, so that sums stay in registers.
template <int n, class Body>
[[gnu::always_inline]] inline void unrolled(Body body) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    (body(std::integral_constant<int, i>()), ...);
  }
  (std::make_integer_sequence<int, n>());
}

/// A matrix: its number in row r and column k is data[r * row + k * column].
template <class T>
struct Strided {
  const T* data;
  int64_t row, column;
};

/// Sums of some rows, `columns` registers of each, which stay in registers.
template <class T, int rows, int columns>
struct Tile {
  Register<T> sums[rows][columns] = {};

  static constexpr int64_t height() { return rows; }
  static constexpr int64_t wide() { return columns * kWide<T>; }
  static constexpr int64_t size() { return rows * wide(); }
  /// Which columns a product goes into: every one.
  static constexpr auto all() {
    return []<int... i>(std::integer_sequence<int, i...>) { return Columns<i...>(); }
    (std::make_integer_sequence<int, columns>());
  }

  /// From rows that are `step` numbers apart; 0: the same for all.
  [[gnu::always_inline]] inline void load(const T* from, int64_t step) {
    unrolled<rows * columns>([&](auto i) __attribute__((always_inline)) {
      sums[i / columns][i % columns] = signal::load(from + i / columns * step + i % columns * kWide<T>);
    });
  }
  /// Into rows that are `step` numbers apart.
  [[gnu::always_inline]] inline void store(T* into, int64_t step) const {
    unrolled<rows * columns>([&](auto i) __attribute__((always_inline)) {
      signal::store(into + i / columns * step + i % columns * kWide<T>, sums[i / columns][i % columns]);
    });
  }

  /// Adds the product of a matrix and a panel to some of the columns. A panel is `depth` times as many registers beside
  /// each other, `step` numbers apart.
  template <int... column>
  [[gnu::always_inline]] inline void multiply(Columns<column...>, const Strided<T>& a, const T* panel, int64_t step,
                                              int64_t depth) {
    const T* number = a.data;
    for (int64_t k = 0; k < depth; ++k, number += a.column, panel += step) {
      unrolled<rows>([&](auto r) __attribute__((always_inline)) {
        const T factor = number[r * a.row];
        int64_t place = 0;
        ((sums[r][column] += factor * signal::load(panel + kWide<T> * place++)), ...);
      });
    }
  }
};

/// Calls body(constant number of rows, first) for all of them.
template <int rows, class Body>
[[gnu::always_inline]] inline void in_blocks(int64_t count, Body body) {
  int64_t first = 0;
  for (; first + rows <= count; first += rows) body(std::integral_constant<int, rows>(), first);
  for (; first < count; ++first) body(std::integral_constant<int, 1>(), first);
}

}  // namespace lumir::nn
