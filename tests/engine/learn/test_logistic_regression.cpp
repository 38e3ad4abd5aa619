// LogisticRegression ends where its loss is least, whichever way it goes there.

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "core/observer.h"
#include "core/parallel.h"
#include "engine/learn/normal_rows.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

struct Borders {
  std::vector<double> coef, intercept;
};

Borders borders(const Labelled& table, const Map& options) {
  const auto fitted = estimator("LogisticRegression", options);
  fitted->fit(table.training());
  const auto state = fitted->state();
  return {state.at("coef").doubles(), state.at("intercept").doubles()};
}

void check_borders(const Borders& found, const Borders& expected, double margin) {
  REQUIRE(found.coef.size() == expected.coef.size());
  REQUIRE(found.intercept.size() == expected.intercept.size());
  for (size_t i = 0; i < found.coef.size(); ++i) {
    INFO(i);
    CHECK(found.coef[i] == Approx(expected.coef[i]).margin(margin));
  }
  for (size_t i = 0; i < found.intercept.size(); ++i) {
    CHECK(found.intercept[i] == Approx(expected.intercept[i]).margin(margin));
  }
}

/// Rows of four normal columns, the first of which decides a class with noise; twice more the same, at last in large
/// numbers that lost some digits.
Labelled alike_rows(bool copies) {
  Lcg random(4);
  Labelled table{Matrix(400, copies ? 12 : 4), {}, 2, {}};
  for (size_t i = 0; i < table.x.rows; ++i) {
    for (size_t j = 0; j < 4; ++j) {
      table.x(i, j) = static_cast<float>(random.normal());
      if (!copies) continue;
      table.x(i, j + 4) = table.x(i, j);
      table.x(i, j + 8) = static_cast<float>(table.x(i, j) * 1e6);
    }
    table.y.push_back(table.x(i, 0) + 1.5 * random.normal() > 0);
  }
  return table;
}

class Warnings final : public Observer {
 public:
  void begin(const std::string&, size_t, const std::string&) override {}
  void advance(size_t) override {}
  void end(const std::string&) override {}
  void warn(const std::string&) override { ++count; }
  int count = 0;
};

}  // namespace

// scikit-learn 1.9.1: LogisticRegression(C=C, solver='newton-cholesky', tol=1e-12, max_iter=1000)
TEST_CASE("LogisticRegression has the borders of scikit-learn") {
  const Labelled two = normal_rows(2);
  check_borders(borders(two, {{"C", 0.1}, {"tol", 1e-6}}),
                {{1.2791678, -0.7129571, 0.0621587, 0.1032789, 0.2126261, 0.1702274}, {-0.43506385}}, 1e-6);
  check_borders(borders(two, {{"C", 10}, {"tol", 1e-6}}),
                {{7.3896221, -3.2445537, -0.3219456, 0.0202802, 0.8763025, 0.5034531}, {-1.4662502}}, 1e-6);
  check_borders(borders(two, {{"C", 0.1}, {"tol", 1e-6}, {"class_weight", "balanced"}}),
                {{1.2926198, -0.717762, 0.0629381, 0.1074335, 0.2180143, 0.1746436}, {-0.17949328}}, 1e-6);
  check_borders(borders(two, {{"penalty", "none"}, {"tol", 1e-6}}),
                {{13.4130369, -5.8284571, -0.5844623, -0.0965866, 1.4402955, 0.8416813}, {-2.59555983}}, 1e-3);
  check_borders(borders(normal_rows(3), {{"C", 0.1}, {"tol", 1e-6}}),
                {{-0.5052969, -0.8262571, -0.3009813, -0.0634298, 0.0402932, 0.0943508,  //
                  -0.6057199, 0.873197, 0.3979913, -0.0296213, 0.0978626, -0.039509,     //
                  1.1110168, -0.0469399, -0.09701, 0.093051, -0.1381558, -0.0548417},
                 {0.20951239, 0.17598332, -0.38549571}},
                1e-5);
}

TEST_CASE("columns that are alike share what one of them has, though no penalty tells their weights apart") {
  for (const Map& options : {Map{{"penalty", "none"}}, Map{{"C", 1e12}}}) {
    Map strict = options;
    strict["tol"] = 1e-6;
    const Borders alone = borders(alike_rows(false), strict), shared = borders(alike_rows(true), strict);
    CHECK(shared.intercept[0] == Approx(alone.intercept[0]).margin(1e-4));
    for (size_t j = 0; j < 4; ++j) {
      INFO(j);
      CHECK(shared.coef[j] == Approx(alone.coef[j] / 3).margin(1e-4));
      CHECK(shared.coef[j + 4] == Approx(shared.coef[j]).margin(1e-6));
      CHECK(shared.coef[j + 8] * 1e6 == Approx(shared.coef[j]).margin(1e-4));
    }
  }
}

TEST_CASE("LogisticRegression warns of 'max_iter' only where a further step would have been taken") {
  const Labelled table = normal_rows(2);
  std::vector<double> before;
  int steps = 0;
  for (bool warned = true; warned && steps < 100;) {
    Warnings warnings;
    const ObserverScope scope(warnings);
    const auto now = borders(table, {{"max_iter", ++steps}}).coef;
    warned = warnings.count > 0;
    CHECK(now != before);
    before = now;
  }
  CHECK(steps > 1);
  CHECK(steps < 100);
}

TEST_CASE("LogisticRegression does not depend on the number of threads") {
  const int before = thread_count();
  for (const int classes : {2, 3}) {
    const Labelled table = blobs(5000, 8, classes, 2, 5);
    Borders first;
    for (const int threads : {1, 2, 3}) {
      set_thread_count(threads);
      const Borders now = borders(table, {});
      if (first.coef.empty()) first = now;
      CHECK(now.coef == first.coef);
      CHECK(now.intercept == first.intercept);
    }
  }
  set_thread_count(before);
}
