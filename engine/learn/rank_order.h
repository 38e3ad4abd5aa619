// The samples of a tree's node in the order of a column, without sorting: their ranks are marked in a bitmap, and its
// bits are read; or, of few, each is compared with all others, many in one instruction.

#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/tree.h"

namespace lumir::learn {

/// How many of `ranks` are smaller than each.
void count_smaller(const std::vector<int32_t>& ranks, std::vector<int32_t>& smaller);

/// The samples of a node in the order of one column.
class RankOrder {
 public:
  explicit RankOrder(size_t rows) : marked_((rows + 63) / 64), first_(rows), next_(rows) {}

  /// Calls use(sample, last of its rank) in ascending rank. `samples` count from 0 within the node.
  template <class Use>
  void for_each(std::span<const uint32_t> ranks, std::span<const TreeSample> samples, const Use& use) {
    const auto n = static_cast<int>(samples.size());
    for (int s = 0; s < n; ++s) {
      const uint32_t rank = ranks[static_cast<size_t>(samples[static_cast<size_t>(s)].row)];
      uint64_t& word = marked_[rank / 64];
      const uint64_t bit = uint64_t{1} << (rank % 64);
      next_[static_cast<size_t>(s)] = word & bit ? first_[rank] : -1;
      first_[rank] = s;
      word |= bit;
    }
    for (size_t w = 0; w < marked_.size(); ++w) {
      for (uint64_t word = marked_[w]; word != 0; word &= word - 1) {
        const size_t rank = w * 64 + static_cast<size_t>(std::countr_zero(word));
        for (int s = first_[rank]; s >= 0; s = next_[static_cast<size_t>(s)]) {
          use(s, static_cast<uint32_t>(rank), next_[static_cast<size_t>(s)] < 0);
        }
      }
      marked_[w] = 0;
    }
  }

  /// The same for few samples, where reading the bitmap would cost more than comparing all with all.
  template <class Use>
  void for_each_of_few(std::span<const uint32_t> ranks, std::span<const TreeSample> samples, const Use& use) {
    const size_t n = samples.size();
    few_.resize(n);
    for (size_t s = 0; s < n; ++s) few_[s] = static_cast<int32_t>(ranks[static_cast<size_t>(samples[s].row)]);
    count_smaller(few_, places_);
    order_.assign(n, -1);
    for (size_t s = 0; s < n; ++s) {
      auto place = static_cast<size_t>(places_[s]);
      while (order_[place] >= 0) ++place;  // of equal ones, behind those that came before
      order_[place] = static_cast<int>(s);
    }
    for (size_t i = 0; i < n; ++i) {
      const int32_t rank = few_[static_cast<size_t>(order_[i])];
      const bool last = i + 1 == n || few_[static_cast<size_t>(order_[i + 1])] != rank;
      use(order_[i], static_cast<uint32_t>(rank), last);
    }
  }

  /// Of few rows in all, the bitmap is read at once.
  bool is_few(size_t samples) const { return samples <= kFew && 2 * samples < marked_.size(); }

 private:
  static constexpr size_t kFew = 96;
  std::vector<uint64_t> marked_;
  std::vector<int> first_, next_;      // samples of one rank, chained
  std::vector<int32_t> few_, places_;  // of few samples: their ranks, and where they stand among them
  std::vector<int> order_;
};

}  // namespace lumir::learn
