// LinearSVC under the sum of absolute weights gives liblinear's borders.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "engine/learn/normal_rows.h"
#include "learn/coordinate_descent.h"
#include "learn/newton.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

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

/// Rows of three classes whose nine columns mix two causes, so that they are nearly alike.
Labelled mixed_rows() {
  Lcg random(2);
  Labelled table{Matrix(500, 9), {}, 3, {}};
  for (size_t i = 0; i < table.x.rows; ++i) {
    const double a = random.normal(), b = random.normal();
    for (size_t j = 0; j < table.x.columns; ++j) {
      const double share = static_cast<double>(j) / 8;
      table.x(i, j) = 20 * (share * a + (1 - share) * b) + 0.05 * random.normal();
    }
    table.y.push_back(a + 0.3 * random.normal() > 0.7 ? 2 : b + 0.3 * random.normal() > 0);
  }
  return table;
}

/// The largest slope of LIBLINEAR's loss at the borders of a fitted LinearSVC with C = 1.
double largest_slope(const model::Estimator& svc, const Labelled& table) {
  const auto coef = svc.state().at("coef").doubles(), intercept = svc.state().at("intercept").doubles();
  const size_t columns = table.x.columns;
  double largest = 0;
  for (size_t line = 0; line < intercept.size(); ++line) {
    std::vector<double> slopes(coef.begin() + static_cast<ptrdiff_t>(line * columns),
                               coef.begin() + static_cast<ptrdiff_t>((line + 1) * columns));
    slopes.push_back(intercept[line]);
    for (size_t i = 0; i < table.x.rows; ++i) {
      const double side = static_cast<size_t>(table.y[i]) == line ? 1 : -1;
      double decision = intercept[line];
      for (size_t j = 0; j < columns; ++j) decision += coef[line * columns + j] * table.x(i, j);
      const double lack = std::max(0.0, 1 - side * decision);
      for (size_t j = 0; j < columns; ++j) slopes[j] -= 2 * side * lack * table.x(i, j);
      slopes[columns] -= 2 * side * lack;
    }
    for (const double slope : slopes) largest = std::max(largest, std::fabs(slope));
  }
  return largest;
}

}  // namespace

TEST_CASE("LinearSVC ends where its loss is least, though columns be nearly alike") {
  const Labelled table = mixed_rows();
  const auto svc = estimator("LinearSVC", {{"max_iter", 30}});
  svc->fit(table.training());
  CHECK(largest_slope(*svc, table) < 1e-4);
}

TEST_CASE("Newton's steps end where second slopes are infinite, and say where slopes are no numbers") {
  const Labelled table = normal_rows(2);
  const std::vector<double> weights(table.x.rows, 1.0), penalties(table.x.columns, 1.0);
  const std::string who = "LinearSVC";
  learn::PenalisedLoss how{who, table.x, weights};
  how.l1 = std::vector<double>(table.x.columns);
  how.l2 = penalties;
  how.max_iter = 3;
  how.loss = [](size_t, std::span<double> decisions) {
    decisions[0] = -1;
    return 1.0;
  };
  how.curvature = [](size_t, size_t, double) { return 1e308; };
  bool converged = false;
  const Matrix found = learn::descend_by_newton(how, converged);
  CHECK(converged);  // along the slopes themselves, to where the penalty holds them
  for (size_t j = 0; j < table.x.columns; ++j) {
    double sum = 0;
    for (size_t i = 0; i < table.x.rows; ++i) sum += table.x(i, j);
    CHECK(found(0, j) == Approx(sum));
  }
  how.loss = [](size_t, std::span<double> decisions) {
    decisions[0] = NAN;
    return 1.0;
  };
  const std::string text =
      "LinearSVC: the slopes are not finite; the columns' numbers or the weights of rows are too large";
  CHECK_THROWS_WITH(learn::descend_by_newton(how, converged), text);
  how.l1 = penalties;
  CHECK_THROWS_WITH(learn::descend(how, converged), text);
}

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

TEST_CASE("an intercept that costs nothing is the same whatever its column holds, as far as squares are numbers") {
  const Labelled table = normal_rows(3);
  const std::vector<double> weights(table.x.rows, 1e30);
  const auto fitted = [&](double scaling, double C, const std::string& penalty) {
    const auto svc =
        estimator("LinearSVC", {{"intercept_scaling", scaling}, {"C", C}, {"tol", 1e-8}, {"penalty", penalty}});
    model::Training training = table.training();
    if (C < 1e-20) training.weights = weights;
    svc->fit(training);
    return svc->state();
  };
  for (const char* penalty : {"l1", "l2"}) {
    const State wanted = fitted(1e5, 1, penalty), most = fitted(1e100, 1e-30, penalty);
    for (const char* name : {"coef", "intercept"}) {
      const auto numbers = wanted.at(name).doubles(), same = most.at(name).doubles();
      for (size_t i = 0; i < numbers.size(); ++i) CHECK(same[i] == Approx(numbers[i]).margin(1e-5));
    }
  }
  CHECK_THROWS_WITH(estimator("LinearSVC", {{"intercept_scaling", 1e101}}),
                    "LinearSVC: 'intercept_scaling' = 1e+101 is out of range (must be above 0, at most 1e+100)");
}
