// Cuts of nodes whose samples weigh very differently, as boosting leaves them behind.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "engine/learn/blobs.h"
#include "learn/bucket_cuts.h"
#include "learn/tree.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

/// Samples in the order of one column, which says something about their two classes; the higher, the lighter.
struct Ordered {
  Matrix x;
  std::vector<learn::TreeSample> samples;
};

template <class WeightAt>
Ordered ordered(size_t n, uint64_t seed, const WeightAt& weight_at) {
  Lcg random(seed);
  Ordered node{Matrix(n, 1), {}};
  for (size_t i = 0; i < n; ++i) {
    const double at = static_cast<double>(i) / static_cast<double>(n);
    node.x(i, 0) = static_cast<double>(i);
    node.samples.push_back({static_cast<int>(i), random.uniform() < (at < 0.3 ? 0.2 : 0.7), weight_at(at)});
  }
  return node;
}

double purity(double a, double b) { return a + b > 0 ? (a * a + b * b) / (a + b) : 0; }

/// How pure the sides are where so many go left; either is summed from its own end, so that none is a difference.
double purity_of_cut(const std::vector<learn::TreeSample>& samples, size_t left) {
  double sums[2][2] = {};
  for (size_t i = 0; i < left; ++i) sums[0][samples[i].label] += samples[i].weight;
  for (size_t i = samples.size(); i-- > left;) sums[1][samples[i].label] += samples[i].weight;
  return purity(sums[0][0], sums[0][1]) + purity(sums[1][0], sums[1][1]);
}

double best_purity(const std::vector<learn::TreeSample>& samples) {
  double best = 0;
  for (size_t left = 1; left < samples.size(); ++left) best = std::max(best, purity_of_cut(samples, left));
  return best;
}

learn::Tree grown(const Ordered& node, int depth) {
  learn::TreeLimits limits;
  limits.max_depth = depth;
  return learn::grow_tree(learn::RankedColumns(node.x), 2, node.samples, limits, 1, 0);
}

void check_first_cut(const Ordered& node) {
  const learn::Tree tree = grown(node, 1);
  REQUIRE(tree.nodes[0].column == 0);
  const auto left = static_cast<size_t>(std::floor(tree.nodes[0].threshold)) + 1;
  const double whole = purity_of_cut(node.samples, node.samples.size());
  const double best = best_purity(node.samples);
  CHECK(purity_of_cut(node.samples, left) - whole == Approx(best - whole).epsilon(1e-6));
  CHECK(tree.importances[0] == Approx(1));
}

}  // namespace

TEST_CASE("samples without noticeable weight lead to no cut of their own") {
  for (const size_t n : {60, 400, 3000}) {  // all compared, or counted in buckets
    INFO(n << " samples");
    check_first_cut(ordered(n, n, [](double at) { return at < 0.8 ? 1.0 : 1e-18; }));
    check_first_cut(ordered(n, n, [](double at) { return at < 0.2 ? 1e-18 : 0.1; }));
  }
}

TEST_CASE("a node of weights between 1 and 1e-18 is cut where that wins most") {
  for (const size_t n : {60, 400, 3000}) {
    INFO(n << " samples");
    check_first_cut(ordered(n, n + 1, [](double at) { return std::pow(10, -18 * at); }));
    check_first_cut(ordered(n, n + 2, [](double at) { return std::pow(10, 18 * (at - 1)); }));
  }
}

TEST_CASE("a tree of weights that hardly count has finite importances down to its leaves") {
  for (const size_t n : {60, 400, 3000}) {
    const learn::Tree tree = grown(ordered(n, n + 3, [](double at) { return std::pow(10, -18 * at); }), 12);
    INFO(n << " samples");
    CHECK(tree.importances[0] == Approx(1));
    for (const double share : tree.values) CHECK((share >= 0 && share <= 1));
  }
}

TEST_CASE("a class of tiny weight leaves a tree fitted") {
  const auto table = blobs(300, 3, 3, 1.0, 5);
  for (const double weight : {1e-6, 1e-15, 1e-18, 1e-30}) {
    INFO("weight " << weight);
    std::vector<double> weights(table.x.rows, 1);
    for (size_t i = 0; i < weights.size(); ++i) weights[i] = table.y[i] == 0 ? 1 : weight;
    model::Training training = table.training();
    training.weights = weights;
    const auto tree = estimator("DecisionTree");
    CHECK_NOTHROW(tree->fit(training));
  }
}
