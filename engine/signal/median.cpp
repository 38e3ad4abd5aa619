// Sliding medians without branches, a column in each lane.
//
// For a window of 2 B - 1 numbers, B a power of two, outputs are made B at a time (after Sugy, Fast median
// filtering by hierarchical tiling, 2025). Windows of B neighbouring outputs have B numbers in common.
// Sorted, these are the only candidates; then the outputs are halved again and again: each half has some more
// numbers in common, which push as many candidates out at either end, until one is left for each output.
// Sorting a block by merging leaves all the sorted runs that blocks beside it need. That is 22 minima and
// maxima for each median of 31.
//
// Other windows are kept sorted, one number leaving and one entering at each step.

#include "signal/median.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "signal/blocks.h"
#include "signal/kernel.h"

namespace lumir::signal {
namespace {

[[gnu::always_inline]] inline void put_in_order(Lanes& a, Lanes& b) {
  const Lanes low = min(a, b);
  b = max(a, b);
  a = low;
}

/// Merges two sorted halves of n numbers that lie `step` apart: Batcher's odd-even merge.
template <int n, int step>
[[gnu::always_inline]] inline void merge_halves(Lanes* a) {
  if constexpr (2 * step < n) {
    merge_halves<n, 2 * step>(a);
    merge_halves<n, 2 * step>(a + step);
    for (int i = step; i + step < n; i += 2 * step) put_in_order(a[i], a[i + step]);
  } else {
    put_in_order(a[0], a[step]);
  }
}

/// Sorts n numbers that rise and then fall, or do so once turned around in a circle.
template <int n>
[[gnu::always_inline]] inline void sort_bitonic(Lanes* a) {
  if constexpr (n > 1) {
    for (int i = 0; i < n / 2; ++i) put_in_order(a[i], a[i + n / 2]);
    sort_bitonic<n / 2>(a);
    sort_bitonic<n / 2>(a + n / 2);
  }
}

/// B numbers as they come, in sorted pairs, in sorted fours ... and all sorted.
template <int B>
struct SortedRuns {
  SortedRuns<B / 2> halves[2];
  Lanes all[B];

  template <class Read>
  [[gnu::always_inline]] void fill(Read read, long first) {
    halves[0].fill(read, first);
    halves[1].fill(read, first + B / 2);
    for (int i = 0; i < B; ++i) all[i] = halves[2 * i / B].all[i % (B / 2)];
    merge_halves<B, 1>(all);
  }
  /// The sorted run of `n` numbers that begins at `first`, a multiple of n.
  template <int n>
  const Lanes* run(int first) const {
    if constexpr (n == B) {
      return all;
    } else {
      return halves[2 * first / B].template run<n>(first % (B / 2));
    }
  }
};
template <>
struct SortedRuns<1> {
  Lanes all[1];

  template <class Read>
  [[gnu::always_inline]] void fill(Read read, long first) {
    all[0] = read(first);
  }
  template <int n>
  const Lanes* run(int) const {
    return all;
  }
};

/// Medians of outputs first .. first + n - 1 of a block, from the n sorted candidates that they share.
template <int n, int B, class Write>
[[gnu::always_inline]] inline void spread(const Lanes* candidates, const SortedRuns<B>& before,
                                          const SortedRuns<B>& after, int first, Write write) {
  if constexpr (n == 1) {
    write(first, candidates[0]);
  } else {
    constexpr int half = n / 2;
    const Lanes* const more[2] = {before.template run<half>(first + half), after.template run<half>(first)};
    for (int side = 0; side < 2; ++side) {
      // the middle third of the sorted candidates and `more` together
      Lanes left[half];
      for (int i = 0; i < half; ++i) {
        left[i] = min(max(more[side][half - 1 - i], candidates[i]), candidates[half + i]);
      }
      sort_bitonic<half>(left);
      spread<half>(left, before, after, first + side * half, write);
    }
  }
}

/// Windows of 2 B - 1 numbers in one register of columns.
template <int B>
void medians_by_blocks(const float* in, size_t stride, long count, float* out, size_t out_stride) {
  const long last = count + 2 * B - 3;  // row
  // row 0 is the second number of the first block; the first one is never looked at, nor are those behind the last row
  const auto read = [&](long row) { return load(in + static_cast<size_t>(std::clamp(row, 0L, last)) * stride); };
  SortedRuns<B> blocks[3];
  blocks[0].fill(read, -1);
  blocks[1].fill(read, B - 1);
  for (long first = 0; first < count; first += B) {
    const long number = first / B;
    const SortedRuns<B>& before = blocks[number % 3];
    const SortedRuns<B>& here = blocks[(number + 1) % 3];
    SortedRuns<B>& after = blocks[(number + 2) % 3];
    after.fill(read, first + 2 * B - 1);
    spread<B>(here.all, before, after, 0, [&](int i, Lanes median) {
      if (first + i < count) store(out + static_cast<size_t>(first + i) * out_stride, median);
    });
  }
}

/// Windows of any size in one register of columns.
void medians_in_order(const float* in, size_t stride, long count, int size, float* out, size_t out_stride) {
  const auto read = [&](long row) { return load(in + static_cast<size_t>(row) * stride); };
  AlignedFloats room(static_cast<size_t>(size) * kLanes, std::numeric_limits<float>::infinity());
  const auto at = [&](int i) { return room.data() + static_cast<size_t>(i) * kLanes; };
  const auto enter = [&](Lanes value) {
    for (int i = 0; i < size; ++i) {
      const Lanes other = load(at(i));
      store(at(i), min(other, value));
      value = max(other, value);
    }
  };
  const auto leave = [&](Lanes value) {
    for (int i = 0; i + 1 < size; ++i) {
      const Lanes other = load(at(i));
      store(at(i), other < value ? other : load(at(i + 1)));
    }
    store(at(size - 1), splat(std::numeric_limits<float>::infinity()));
  };
  for (int i = 0; i + 1 < size; ++i) enter(read(i));
  for (long i = 0; i < count; ++i) {
    enter(read(i + size - 1));
    store(out + static_cast<size_t>(i) * out_stride, load(at(size / 2)));
    leave(read(i));
  }
}

}  // namespace

void sliding_medians(const float* in, size_t stride, long columns, long count, int size, float* out,
                     size_t out_stride) {
  for (long column = 0; column < columns; column += kLanes) {
    const float* from = in + column;
    float* to = out + column;
    switch (size) {
      case 3: medians_by_blocks<2>(from, stride, count, to, out_stride); break;
      case 7: medians_by_blocks<4>(from, stride, count, to, out_stride); break;
      case 15: medians_by_blocks<8>(from, stride, count, to, out_stride); break;
      case 31: medians_by_blocks<16>(from, stride, count, to, out_stride); break;
      default: medians_in_order(from, stride, count, size, to, out_stride); break;
    }
  }
}
LUMIR_KERNEL(sliding_medians);

void exchange_rows(const float* in, size_t stride, long rows, long columns, float* out, size_t out_stride) {
  for (long row = 0; row < rows; row += kLanes) {
    for (long column = 0; column < columns; column += kLanes) {
      Lanes square[kLanes];
      for (int i = 0; i < kLanes; ++i) square[i] = load(in + static_cast<size_t>(row + i) * stride + column);
      transpose(square);
      for (int i = 0; i < kLanes; ++i) store(out + static_cast<size_t>(column + i) * out_stride + row, square[i]);
    }
  }
}
LUMIR_KERNEL(exchange_rows);

}  // namespace lumir::signal
