// The samples of a tree's node in the order of a column, without sorting: their ranks are marked in a bitmap, and its
// bits are read; or, of few, each is compared with all others, many in one instruction.

#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace lumir::learn {

/// How many of `ranks` are smaller than each.
void count_smaller(const std::vector<int32_t>& ranks, std::vector<int32_t>& smaller);

/// The samples of a node in the order of one column.
class RankOrder {
 public:
  explicit RankOrder(size_t rows) : marked_((rows + 63) / 64), first_(rows), next_(rows) {}

  /// Calls use(sample, rank, last of its rank) in ascending order of the samples' `ranks`, equal ones in any.
  template <class Use>
  void for_each(std::span<const uint32_t> ranks, const Use& use) {
    if (is_few(ranks.size())) {
      for_each_of_few(ranks, use);
    } else {
      for_each_of_many(ranks, use);
    }
  }

  template <class Use>
  void for_each_of_many(std::span<const uint32_t> ranks, const Use& use) {
    const auto n = static_cast<int>(ranks.size());
    for (int s = 0; s < n; ++s) {
      const uint32_t rank = ranks[static_cast<size_t>(s)];
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
  void for_each_of_few(std::span<const uint32_t> ranks, const Use& use) {
    const size_t n = ranks.size();
    few_.assign(ranks.begin(), ranks.end());
    count_smaller(few_, places_);
    order_.assign(n, -1);
    for (size_t s = 0; s < n; ++s) {
      auto place = static_cast<size_t>(places_[s]);
      while (order_[place] >= 0) ++place;  // of equal ones, behind those that came before
      order_[place] = static_cast<int>(s);
    }
    for (size_t i = 0; i < n; ++i) {
      const uint32_t rank = ranks[static_cast<size_t>(order_[i])];
      const bool last = i + 1 == n || ranks[static_cast<size_t>(order_[i + 1])] != rank;
      use(order_[i], rank, last);
    }
  }

 private:
  /// Of few rows in all, the bitmap is read at once.
  bool is_few(size_t samples) const { return samples <= kFew && 2 * samples < marked_.size(); }

  static constexpr size_t kFew = 96;
  std::vector<uint64_t> marked_;
  std::vector<int> first_, next_;      // samples of one rank, chained
  std::vector<int32_t> few_, places_;  // of few samples: their ranks, and where they stand among them
  std::vector<int> order_;
};

}  // namespace lumir::learn
