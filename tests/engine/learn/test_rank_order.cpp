// Samples come in the order of a column, by comparing all with all as by the bitmap.

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

#include "engine/learn/blobs.h"
#include "learn/rank_order.h"

using namespace lumir;
using namespace lumir::tests;

TEST_CASE("few samples come in the order of their ranks, equal ones as they stand, the last of each marked") {
  Lcg random(1);
  for (const size_t n : {1, 2, 3, 4, 7, 33, 96}) {
    std::vector<uint32_t> ranks;
    for (size_t s = 0; s < n; ++s) ranks.push_back(static_cast<uint32_t>(random.uniform() * 40));  // some are equal
    std::vector<int> expected(n), order;
    std::iota(expected.begin(), expected.end(), 0);
    const auto rank_of = [&](int s) { return ranks[static_cast<size_t>(s)]; };
    std::stable_sort(expected.begin(), expected.end(), [&](int a, int b) { return rank_of(a) < rank_of(b); });
    learn::RankOrder few(200), many(200);
    std::vector<uint32_t> seen, seen_by_bitmap;
    few.for_each_of_few(ranks, [&](int s, uint32_t rank, bool last) {
      REQUIRE(rank == rank_of(s));
      order.push_back(s);
      seen.push_back(2 * rank + last);
    });
    many.for_each_of_many(ranks, [&](int, uint32_t rank, bool last) { seen_by_bitmap.push_back(2 * rank + last); });
    CHECK(order == expected);
    CHECK(seen == seen_by_bitmap);
  }
}
