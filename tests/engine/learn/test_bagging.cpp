// Bagging of trees: members share rows and their ranking, and take how often a row was drawn as its weight.

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

#include "core/parallel.h"
#include "engine/learn/blobs.h"
#include "learn/ranked_once.h"

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

TEST_CASE("trees on the same matrix share one ranking while somebody holds it") {
  const auto table = blobs(60, 4, 2, 1.0, 1);
  CHECK(learn::ranked(table.x) != learn::ranked(table.x));
  std::shared_ptr<const learn::RankedColumns> kept;
  {
    const learn::RankedOnce outer(table.x);
    kept = learn::ranked(table.x);
    {
      const learn::RankedOnce inner(table.x);  // a fit within a fit
      CHECK(learn::ranked(table.x) == kept);
    }
    CHECK(learn::ranked(table.x) == kept);
    const Matrix other = table.x;
    CHECK(learn::ranked(other) != kept);
    std::vector<std::shared_ptr<const learn::RankedColumns>> seen(8);
    parallel_for(seen.size(), [&](size_t i) { seen[i] = learn::ranked(table.x); });
    for (const auto& one : seen) CHECK(one == kept);
  }
  CHECK(learn::ranked(table.x) != kept);
  const learn::RankedColumns own(table.x);
  for (size_t column = 0; column < 4; ++column) CHECK(own.distinct(column) == kept->distinct(column));
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
