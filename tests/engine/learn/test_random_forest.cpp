// The forest is as good as scikit-learn's over many seeds, and a truncated forest is the smaller forest.

#include <cmath>

#include <catch2/catch.hpp>

#include "core/parallel.h"
#include "core/random.h"
#include "engine/learn/blobs.h"
#include "learn/tree.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

const std::vector<std::pair<std::string, Map>> kForests = {
    {"plain", {}},
    {"shallow", {{"max_depth", 4}}},
    {"leaves", {{"min_samples_leaf", 5}, {"min_samples_split", 12}, {"max_features", 0.5}}},
    {"balanced", {{"class_weight", "balanced"}, {"max_features", "log2"}}},
    {"no bootstrap", {{"bootstrap", false}, {"max_depth", 6}}},
};

}  // namespace

TEST_CASE("the mean accuracy of ten forests is scikit-learn's within 1.5 points") {
  const auto table = blobs(600, 12, 5, 1.6, 3);
  const auto train = table.slice(0, 300), test = table.slice(300, 600);
  for (const auto& [name, options] : kForests) {
    INFO(name);
    double sum = 0;
    std::vector<double> importances(12);
    for (int seed = 0; seed < 10; ++seed) {
      Map with_seed = options;
      with_seed["seed"] = seed;
      with_seed["n_estimators"] = 50;
      const auto forest = estimator("RandomForest", with_seed);
      forest->fit(train.training());
      sum += agreement(forest->predict(test.x), test.y);
      const auto own = forest->state().at("feature_importances").doubles();
      for (size_t j = 0; j < own.size(); ++j) importances[j] += own[j] / 10;
    }
    const Value expected = golden("forest").at(name);
    CHECK(std::fabs(sum / 10 - *expected.at("mean").number()) < 0.015);
    if (name != "plain") continue;
    const auto theirs = numbers(expected.at("importances"));
    for (size_t j = 0; j < theirs.size(); ++j) CHECK(importances[j] == Approx(theirs[j]).margin(0.01));
  }
}

TEST_CASE("settings that share a forest predict as forests of their own") {
  const auto table = blobs(600, 12, 5, 1.6, 3);
  const auto train = table.slice(0, 300), test = table.slice(300, 600);
  std::vector<Map> settings;
  for (const Value& depth : {Value(3), Value(8), Value("none")}) {
    for (const int trees : {30, 10}) {
      for (const int split : {2, 20}) {
        settings.push_back({{"max_depth", depth}, {"n_estimators", trees}, {"min_samples_split", split}});
      }
    }
  }
  settings.push_back({{"min_samples_leaf", 4}});
  settings.push_back({{"max_features", 1.5}});
  const auto trials =
      estimator("RandomForest", {{"n_estimators", 20}})->try_settings(settings, train.training(), test.x, [] {});
  for (size_t s = 0; s + 1 < settings.size(); ++s) {
    Map own = settings[s];
    own.try_emplace("n_estimators", 20);
    const auto alone = estimator("RandomForest", own);
    alone->fit(train.training());
    CHECK(trials[s].answers.predicted == alone->predict(test.x));
  }
  CHECK(trials.back().reason == "RandomForest: 'max_features' must be an integer or a share below 1, got 1.5");
}

TEST_CASE("a forest depends on its seed and on nothing else") {
  const auto table = blobs(200, 8, 3, 1.0, 10);
  const auto grown = [&](const Map& options) {
    const auto forest = estimator("RandomForest", options);
    forest->fit(table.training());
    return forest->state().at("threshold").doubles();
  };
  const auto first = grown({{"seed", 1}});
  const int before = thread_count();
  set_thread_count(3);
  CHECK(grown({{"seed", 1}}) == first);
  set_thread_count(before);
  CHECK(grown({{"seed", 2}}) != first);
  const uint64_t seed_before = global_seed();
  set_global_seed(1);
  CHECK(grown({}) == first);
  set_global_seed(seed_before);
}

TEST_CASE("a tree separates what can be separated and keeps its limits") {
  Labelled table{Matrix(64, 2), std::vector<int>(64), 2, {}};
  for (size_t i = 0; i < 64; ++i) {  // a chessboard of four fields
    table.x(i, 0) = static_cast<double>(i % 8);
    table.x(i, 1) = static_cast<double>(i / 8);
    table.y[i] = (i % 8 < 4) != (i / 8 < 4);
  }
  const learn::RankedColumns ranked(table.x);
  std::vector<learn::TreeSample> samples;
  for (int i = 0; i < 64; ++i) samples.push_back({i, table.y[static_cast<size_t>(i)], 1});
  learn::TreeLimits limits;
  limits.max_features = 2;
  const auto tree = learn::grow_tree(ranked, 2, samples, limits, 1, 0);
  for (size_t i = 0; i < 64; ++i) {
    const auto& leaf = tree.leaf(table.x.row(i));
    CHECK(tree.values[static_cast<size_t>(leaf.values) * 2 + static_cast<size_t>(table.y[i])] == 1);
  }
  limits.min_samples_leaf = 10;
  const auto broad = learn::grow_tree(ranked, 2, samples, limits, 1, 0);
  for (const auto& node : broad.nodes) CHECK(node.samples >= 10);
  limits.max_depth = 1;
  CHECK(learn::grow_tree(ranked, 2, samples, limits, 1, 0).nodes.size() == 3);
}

TEST_CASE("constant columns are never cut, and columns are drawn until one is not") {
  Labelled table = blobs(40, 20, 2, 0.1, 11);
  for (size_t i = 0; i < 40; ++i) {
    for (size_t j = 0; j < 19; ++j) table.x(i, j) = 1;
    table.x(i, 19) = table.y[i];
  }
  const auto forest = estimator("RandomForest", {{"max_features", 1}, {"n_estimators", 5}});
  forest->fit(table.training());
  CHECK(agreement(forest->predict(table.x), table.y) == 1);
  CHECK(forest->state().at("feature_importances").doubles()[19] == 1);
}

TEST_CASE("a loaded forest answers as the saved one, and a broken one is refused") {
  const auto table = blobs(100, 6, 3, 1.0, 12);
  const auto forest = estimator("RandomForest", {{"n_estimators", 10}});
  forest->fit(table.training());
  const auto loaded = estimator("RandomForest", {{"n_estimators", 10}});
  loaded->load(forest->state());
  CHECK(loaded->scores(table.x).values == forest->scores(table.x).values);
  for (const auto& [name, array] : forest->state()) CHECK(loaded->state().at(name).doubles() == array.doubles());
  Random random(1, "damage");
  for (int round = 0; round < 300; ++round) {
    auto broken = forest->state();
    const char* arrays[] = {"nodes", "column", "left"};
    Array& array = broken.at(arrays[random.below(3)]);
    auto values = array.doubles();
    values[random.below(static_cast<uint32_t>(values.size()))] = random.uniform(-5, 50) * (round % 2 ? 1 : 1e18);
    array = values;
    try {
      loaded->load(broken);
      loaded->scores(table.x);
    } catch (const Error& problem) {
      CHECK(std::string(problem.what()) == "RandomForest: the arrays of the model do not fit together");
    }
  }
}

TEST_CASE("a forest whose leaves share a line of shares is refused: a small file would stand for a large forest") {
  const auto table = blobs(60, 5, 3, 1.0, 9);
  const auto model = estimator("RandomForest", {{"n_estimators", 3}});
  model->fit(table.training());
  auto state = model->state();
  state["values"] = Array({1, 3}, {1, 0, 0});
  auto left = state["left"].doubles();
  const auto column = state["column"].doubles();
  for (size_t i = 0; i < left.size(); ++i) left[i] = column[i] < 0 ? 0 : left[i];
  state["left"] = left;
  CHECK_THROWS_WITH(estimator("RandomForest")->load(state),
                    "RandomForest: the arrays of the model do not fit together");
}
