// LinearSVC under the sum of absolute weights gives liblinear's borders.

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

/// Rows of normal numbers, in two or in three classes that some of the columns decide.
Labelled normal_rows(int classes) {
  Lcg random(1);
  Labelled table{Matrix(120, 6), {}, classes, {}};
  for (double& value : table.x.values) value = random.normal();
  for (size_t i = 0; i < table.x.rows; ++i) {
    const auto x = table.x.row(i);
    const bool two = x[0] - 0.5 * x[1] + 0.3 * x[4] * x[5] > 0.2;
    const int three = x[0] > 0.5 ? 2 : x[1] + 0.5 * x[2] > 0 ? 1 : 0;
    table.y.push_back(classes == 2 ? two : three);
  }
  return table;
}

void check_borders(int classes, const Map& more, const std::vector<double>& coef,
                   const std::vector<double>& intercept) {
  Map options{{"penalty", "l1"}, {"C", 0.1}, {"tol", 1e-6}};
  options.insert(more.begin(), more.end());
  const auto svc = estimator("LinearSVC", options);
  svc->fit(normal_rows(classes).training());
  const auto found = svc->state().at("coef").doubles(), begun = svc->state().at("intercept").doubles();
  REQUIRE(found.size() == coef.size());
  REQUIRE(begun.size() == intercept.size());
  for (size_t i = 0; i < coef.size(); ++i) {
    INFO(i);
    if (coef[i] == 0) CHECK(found[i] == 0);
    CHECK(found[i] == Approx(coef[i]).margin(1e-5));
  }
  for (size_t i = 0; i < intercept.size(); ++i) CHECK(begun[i] == Approx(intercept[i]).margin(1e-5));
}

}  // namespace

// scikit-learn 1.9.1: LinearSVC(penalty='l1', dual=False, C=0.1, tol=1e-8, max_iter=100000)
TEST_CASE("absolute weights in the penalty leave LinearSVC the coefficients of scikit-learn") {
  check_borders(2, {}, {1.2561585, -0.5825014, 0, 0, 0.1198575, 0.0019427}, {-0.14683197});
  check_borders(3, {},
                {-0.3828571, -0.7866512, -0.2409718, -0.0001014, 0, 0,  //
                 -0.5016413, 0.8117862, 0.3590321, 0, 0.0694925, 0,     //
                 1.2673156, 0, -0.0334099, 0, 0, 0},
                {-0.25678057, -0.28562267, -0.69434714});
}

TEST_CASE("weights of classes bend the loss of LinearSVC as they should under absolute weights") {
  const Map balanced{{"class_weight", "balanced"}};
  check_borders(2, balanced, {1.2582979, -0.5878527, 0, 0, 0.1263412, 0.0100236}, {-0.06290512});
  check_borders(3, balanced,
                {-0.3696223, -0.7591951, -0.233562, 0, 0, 0,        //
                 -0.473807, 0.7710332, 0.3316007, 0, 0.0538354, 0,  //
                 1.4534073, 0, -0.0645684, 0, 0, 0},
                {-0.28807266, -0.31885156, -0.68450714});
}
