// The best cut by buckets is the best of all cuts.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/learn/blobs.h"
#include "learn/bucket_cuts.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

struct Node {
  std::vector<uint32_t> ranks;
  std::vector<learn::TreeSample> samples;
  std::vector<double> totals;
};

/// Samples of four classes whose ranks, of so many, say something about them.
Node random_node(size_t n, uint32_t most, uint64_t seed) {
  Lcg random(seed);
  Node node{{}, {}, std::vector<double>(4)};
  for (size_t i = 0; i < n; ++i) {
    const double at = random.uniform();
    const int label = at > 0.7 && random.uniform() > 0.4 ? 3 : static_cast<int>(random.uniform() * 3);
    node.ranks.push_back(static_cast<uint32_t>(at * most));
    node.samples.push_back({static_cast<int>(i), label, 1 + std::floor(random.uniform() * 3)});
    node.totals[static_cast<size_t>(label)] += node.samples.back().weight;
  }
  return node;
}

double squares_over_sum(const std::vector<double>& weights) {
  double squares = 0, sum = 0;
  for (const double weight : weights) {
    squares += weight * weight;
    sum += weight;
  }
  return squares / sum;
}

/// Tries every cut.
std::optional<learn::RankCut> best_of_all(const Node& node, int least) {
  std::vector<int> order(node.samples.size());
  std::iota(order.begin(), order.end(), 0);
  const auto rank = [&](size_t i) { return node.ranks[static_cast<size_t>(order[i])]; };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return node.ranks[static_cast<size_t>(a)] < node.ranks[static_cast<size_t>(b)];
  });
  std::vector<double> left(4), right = node.totals;
  std::optional<learn::RankCut> best;
  for (size_t i = 0; i + 1 < order.size(); ++i) {
    const auto& sample = node.samples[static_cast<size_t>(order[i])];
    left[static_cast<size_t>(sample.label)] += sample.weight;
    right[static_cast<size_t>(sample.label)] -= sample.weight;
    const auto moved = static_cast<int>(i) + 1, stayed = static_cast<int>(order.size()) - moved;
    if (rank(i) == rank(i + 1) || moved < least || stayed < least) continue;
    const double purity = squares_over_sum(left) + squares_over_sum(right);
    if (!best || purity > best->purity) best = {rank(i), rank(i + 1), 0, 0, purity};
  }
  return best;
}

}  // namespace

TEST_CASE("buckets lead to the cut that trying every cut finds, in columns with and without ties") {
  for (const uint32_t most : {3u, 40u, 100000u}) {
    for (const size_t n : {20, 49, 97, 300, 2000}) {
      for (const int least : {1, 50}) {
        const Node node = random_node(n, most, n + most);
        INFO(n << " samples, " << most << " ranks, at least " << least);
        const auto expected = best_of_all(node, least);
        learn::BucketCuts cuts;
        const auto [low, high] = std::minmax_element(node.ranks.begin(), node.ranks.end());
        const auto best_above = [&](double purity) {
          return cuts.best_above(purity, node.ranks, *low, *high, node.samples, node.totals, least);
        };
        const auto found = best_above(-1);
        REQUIRE(found.has_value() == expected.has_value());
        if (!found) continue;
        CHECK(found->last_left == expected->last_left);
        CHECK(found->first_right == expected->first_right);
        CHECK(node.ranks[found->left_sample] == expected->last_left);
        CHECK(node.ranks[found->right_sample] == expected->first_right);
        CHECK(found->purity == Approx(expected->purity));
        CHECK_FALSE(best_above(found->purity));
      }
    }
  }
}
