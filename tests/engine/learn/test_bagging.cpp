// Bagging of trees: members share rows and their ranking, and take how often a row was drawn as its weight.

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/parallel.h"
#include "engine/learn/blobs.h"
#include "learn/prepares_rows.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

model::EstimatorPtr bagged(const Labelled& table, const Map& tree, Map options) {
  options["estimator"] = estimator("DecisionTree", tree)->description();
  const auto bagging = estimator("Bagging", options);
  bagging->fit(table.training());
  return bagging;
}

}  // namespace

TEST_CASE("trees take rows that were prepared for them, and no others") {
  const auto table = blobs(60, 4, 2, 1.0, 1);
  auto other = table.x;
  std::reverse(other.values.begin(), other.values.end());
  for (const char* splitter : {"best", "random"}) {
    const auto fitted = [&](const model::Prepared* prepared) {
      const auto tree = estimator("DecisionTree", {{"splitter", splitter}, {"seed", 1}});
      model::Training training = table.training();
      training.prepared = prepared;
      tree->fit(training);
      return tree->state().at("threshold").doubles();
    };
    const auto prepared = [&](const Matrix& x, const char* how) {
      return learn::prepared_rows(*estimator("DecisionTree", {{"splitter", how}}), x);
    };
    INFO(splitter);
    CHECK(fitted(prepared(table.x, splitter).get()) == fitted(nullptr));
    CHECK(fitted(prepared(other, splitter).get()) == fitted(nullptr));
    CHECK(fitted(prepared(table.x, splitter == std::string("best") ? "random" : "best").get()) == fitted(nullptr));
  }
  CHECK(learn::prepared_rows(*estimator("KNeighbors"), table.x) == nullptr);
}

TEST_CASE("what was prepared of rows is not taken along to others") {
  const auto table = blobs(60, 4, 2, 1.0, 1);
  const auto prepared = learn::prepared_rows(*estimator("DecisionTree"), table.x);
  model::Training training = table.training();
  training.prepared = prepared.get();
  const Matrix other = table.x;
  CHECK(training.with(other).prepared == nullptr);
  CHECK(training.with_classes(table.y, 2).prepared == prepared.get());
  CHECK(model::TrainingRows(training, {0, 1}).training().prepared == nullptr);
}

TEST_CASE("a member that sees every row once is the tree alone") {
  const auto table = blobs(300, 6, 3, 1.5, 2);
  const Map tree{{"max_depth", 5}, {"class_weight", "balanced"}};
  const auto bagging = bagged(table, tree, {{"n_estimators", 1}, {"bootstrap", false}, {"seed", 3}});
  Map seeded = tree;
  seeded["seed"] = 3;
  const auto alone = estimator("DecisionTree", seeded);
  alone->fit(table.training());
  CHECK(bagging->answer(table.x).scores.values == alone->answer(table.x).scores.values);
}

TEST_CASE("a tree of Bagging counts a row once, however often it was drawn") {
  const auto table = blobs(300, 6, 3, 1.5, 2);
  const auto cut = [&](bool bootstrap) {
    const auto bagging =
        bagged(table, {{"min_samples_split", 250}}, {{"n_estimators", 1}, {"bootstrap", bootstrap}, {"seed", 3}});
    return bagging->state().at("estimators.0.column").doubles()[0] >= 0;
  };
  CHECK(cut(false));
  CHECK_FALSE(cut(true));  // 300 draws are about 190 rows
}

TEST_CASE("Bagging of trees does not depend on threads") {
  const auto table = blobs(300, 6, 3, 1.5, 2);
  const auto scores = [&] {
    return bagged(table, {{"max_depth", 4}}, {{"n_estimators", 8}, {"seed", 1}})->answer(table.x).scores.values;
  };
  const int before = thread_count();
  const auto first = scores();
  set_thread_count(3);
  CHECK(scores() == first);
  set_thread_count(before);
}
