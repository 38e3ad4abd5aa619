// Metrics where scikit-learn's definitions have corners; numbers on ordinary tables stand in tests/lua/metric.

#include <catch2/catch.hpp>

#include "core/error.h"
#include "metric/confusion.h"
#include "metric/metric.h"

using namespace lumir;
using namespace lumir::metric;

namespace {

const std::vector<int> kTruth{0, 0, 1, 1};
const std::vector<int> kPredicted{0, 1, 1, 1};

Answers answers(int n_classes) { return {kTruth, kPredicted, nullptr, n_classes}; }

}  // namespace

TEST_CASE("a class that occurs nowhere does not pull a macro average down") {
  // precision of the two classes: 1 and 2/3
  CHECK(measure_number("precision", {}, answers(2)) == Approx(5.0 / 6));
  CHECK(measure_number("precision", {}, answers(5)) == Approx(5.0 / 6));
  const Value each = measure("precision", {{"average", "none"}}, answers(3));
  CHECK(each == Value(List{1.0, 2.0 / 3, 0.0}));
}

TEST_CASE("a class that is predicted but never true counts with recall 0") {
  const std::vector<int> truth{0, 0}, predicted{0, 1};
  // recall: 1/2 of class 0, 0 of class 1
  CHECK(measure_number("recall", {}, {truth, predicted, nullptr, 2}) == Approx(0.25));
}

TEST_CASE("confusion counts truth in rows and predictions in columns") {
  const Matrix counts = confusion(answers(3));
  CHECK(counts.rows == 3);
  CHECK(counts.values == std::vector<double>{1, 1, 0, 0, 2, 0, 0, 0, 0});
  const ClassRatios all = ratios(counts);
  CHECK(all.support == std::vector<int>{2, 2, 0});
  CHECK(all.present == std::vector<bool>{true, true, false});
  CHECK(all.f1[0] == Approx(2.0 / 3));
  CHECK(all.f1[1] == Approx(0.8));
}

TEST_CASE("equal scores rank by the order of classes, so top-1 is the class that predict would name") {
  Matrix scores(2, 3);
  scores.values = {0.4, 0.4, 0.2, 0.4, 0.4, 0.2};
  const std::vector<int> truth{0, 1};
  CHECK(measure_number("top_k", {{"k", 1}}, {truth, {}, &scores, 3}) == 0.5);
  CHECK(measure_number("top_k", {{"k", 2}}, {truth, {}, &scores, 3}) == 1.0);
}

TEST_CASE("what no metric can measure is refused in one line") {
  CHECK_THROWS_WITH(measure("acuracy", {}, answers(2)), "metric: there is no 'acuracy' (did you mean 'accuracy'?)");
  CHECK_THROWS_WITH(measure("accuracy", {}, {}), "accuracy: there are no rows");
  CHECK_THROWS_WITH(measure("accuracy", {}, answers(1)), "accuracy: 'truth' holds 1, classes are 0 to 0");
  CHECK_THROWS_WITH(measure("top_k", {}, answers(2)), "top_k: needs scores to rank by");
  const Matrix narrow(4, 1);
  CHECK_THROWS_WITH(measure("top_k", {}, {kTruth, {}, &narrow, 2}), "top_k: 'scores' is [4, 1], [4, 2] is wanted");
  CHECK_THROWS_AS(measure("top_k", {{"k", 0}}, answers(2)), ArgumentError);
  CHECK_THROWS_WITH(measure_number("f1", {{"average", "none"}}, answers(2)),
                    "f1: gives no single number with these options");
}
