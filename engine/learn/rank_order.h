// The samples of a tree's node in the order of a column, without sorting: their ranks are marked in a bitmap, and its
// bits are read.

#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/tree.h"

namespace lumir::learn {

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

  /// The same for few samples, where reading the bitmap would cost more than sorting.
  template <class Use>
  void for_each_of_few(std::span<const uint32_t> ranks, std::span<const TreeSample> samples, const Use& use) {
    keys_.clear();
    for (size_t s = 0; s < samples.size(); ++s) {
      keys_.push_back(uint64_t{ranks[static_cast<size_t>(samples[s].row)]} << 32 | s);
    }
    std::sort(keys_.begin(), keys_.end());
    for (size_t i = 0; i < keys_.size(); ++i) {
      const auto rank = static_cast<uint32_t>(keys_[i] >> 32);
      const bool last = i + 1 == keys_.size() || keys_[i + 1] >> 32 != rank;
      use(static_cast<int>(keys_[i] & 0xFFFFFFFFu), rank, last);
    }
  }

  bool is_few(size_t samples) const { return samples * 8 < marked_.size(); }

 private:
  std::vector<uint64_t> marked_;
  std::vector<int> first_, next_;  // samples of one rank, chained
  std::vector<uint64_t> keys_;
};

}  // namespace lumir::learn
