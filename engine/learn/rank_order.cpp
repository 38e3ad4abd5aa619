// See rank_order.h.

#include "learn/rank_order.h"

#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

/// Adds to each how many of the four are smaller.
LUMIR_VECTORISED void add_smaller(const int32_t* ranks, size_t n, const int32_t* four, int32_t* smaller) {
  const int32_t a = four[0], b = four[1], c = four[2], d = four[3];
#pragma omp simd
  for (size_t i = 0; i < n; ++i) {
    smaller[i] += (a < ranks[i]) + (b < ranks[i]) + (c < ranks[i]) + (d < ranks[i]);
  }
}

}  // namespace

void count_smaller(const std::vector<int32_t>& ranks, std::vector<int32_t>& smaller) {
  smaller.assign(ranks.size(), 0);
  size_t j = 0;
  for (; j + 4 <= ranks.size(); j += 4) add_smaller(ranks.data(), ranks.size(), ranks.data() + j, smaller.data());
  for (; j < ranks.size(); ++j) {
    for (size_t i = 0; i < ranks.size(); ++i) smaller[i] += ranks[j] < ranks[i];
  }
}

}  // namespace lumir::learn
