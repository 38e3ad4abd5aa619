// ROC, precision and recall, calibration: the examples of scikit-learn's documentation (version 1.9).

#include <catch2/catch.hpp>

#include "evaluate/curves.h"

using namespace lumir;
using namespace lumir::evaluate;

namespace {

/// One model that gives the second of two classes these probabilities.
Results judged(const std::vector<int>& truth, const std::vector<double>& probabilities) {
  Results results;
  results.classes = {"no", "yes"};
  results.truth = truth;
  ModelResult model;
  model.name = "made";
  model.kind = ScoreKind::probabilities;
  model.scores = Matrix(truth.size(), 2);
  for (size_t i = 0; i < truth.size(); ++i) {
    model.scores(i, 0) = 1 - probabilities[i];
    model.scores(i, 1) = probabilities[i];
    model.predicted.push_back(probabilities[i] > 0.5);
  }
  results.models = {model};
  return results;
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(1e-12));
}

}  // namespace

TEST_CASE("a ROC curve rises from the strictest threshold to the loosest") {
  const Results results = judged({0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8});
  const ScoreCurve curve = roc_curve(results, results.models[0], 1);
  check_near(curve.x, {0, 0, 0.5, 0.5, 1});
  check_near(curve.y, {0, 0.5, 0.5, 1, 1});
  CHECK(curve.summary == Approx(0.75));
  CHECK(roc_curves(results, results.models[0]).size() == 1);
}

TEST_CASE("precision stands over recall, to recall 0 at the end") {
  const Results results = judged({0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8});
  const ScoreCurve curve = precision_recall_curve(results, results.models[0], 1);
  check_near(curve.x, {1, 1, 0.5, 0.5, 0});
  check_near(curve.y, {0.5, 2.0 / 3, 0.5, 1, 1});
  CHECK(curve.summary == Approx(5.0 / 6));
}

TEST_CASE("calibration compares how sure a model is with how often it is right") {
  const Results results = judged({0, 0, 0, 0, 1, 1, 1, 1, 1}, {0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0});
  const ScoreCurve curve = calibration_curve(results, results.models[0], 3);
  check_near(curve.x, {0.2, 0.525, 0.85});
  check_near(curve.y, {0, 0.5, 1});
  ModelResult decisions = results.models[0];
  decisions.kind = ScoreKind::decisions;
  CHECK_THROWS_WITH(calibration_curve(results, decisions, 3),
                    "calibration: needs probabilities, and the scores of made are decisions");
}

TEST_CASE("a curve of a class that never occurs is refused by its name") {
  const Results results = judged({0, 0}, {0.1, 0.4});
  CHECK_THROWS_WITH(roc_curve(results, results.models[0], 1), "roc: no row is of 'yes'");
}
