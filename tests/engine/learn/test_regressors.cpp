// Trees and forests that foretell numbers, beside scikit-learn's; see tests/golden/learn/regressors.py.

#include <cmath>

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

Value regressors(const std::string& part) {
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/learn/regressors.json";
  static const Value all = from_json(read_file(path), path);
  return all.at(part);
}

struct Foretold {
  Matrix x, values;
  std::vector<int> none = {};
  std::vector<std::string> no_groups = {};
  model::Training training() const {
    return {.x = x,
            .y = none,
            .n_classes = static_cast<int>(values.columns),
            .groups = no_groups,
            .target = Target::numbers,
            .values = &values};
  }
};

/// Rows 1, 3, 5 ..., which teach, and the others, with one number each or two.
std::pair<Foretold, Foretold> made(bool two) {
  const auto table = blobs(400, 6, 3, 1.5, 31);
  std::pair<Foretold, Foretold> sides;
  const auto [train, test] = alternate(table);
  for (const auto& [from, to] : {std::pair{&train, &sides.first}, {&test, &sides.second}}) {
    to->x = from->x;
    to->values = Matrix(from->x.rows, two ? 2 : 1);
    for (size_t i = 0; i < from->x.rows; ++i) {
      const auto row = from->x.row(i);
      to->values(i, 0) = 2 * row[0] - row[1] * row[2] + (row[3] > 0 ? 5 : 0) + 1000;
      if (two) to->values(i, 1) = 10 * row[4];
    }
  }
  return sides;
}

double r2(const Matrix& truth, const Matrix& foretold) {
  double mean = 0, left = 0, all = 0;
  for (const double number : truth.values) mean += number / static_cast<double>(truth.values.size());
  for (size_t i = 0; i < truth.values.size(); ++i) {
    left += std::pow(truth.values[i] - foretold.values[i], 2);
    all += std::pow(truth.values[i] - mean, 2);
  }
  return 1 - left / all;
}

/// The share of numbers that are as expected to one part of a million.
double alike(const Matrix& found, const std::vector<double>& expected) {
  REQUIRE(found.values.size() == expected.size());
  size_t same = 0;
  for (size_t i = 0; i < expected.size(); ++i)
    same += std::fabs(found.values[i] - expected[i]) < 1e-6 * std::fabs(expected[i]);
  return static_cast<double>(same) / static_cast<double>(expected.size());
}

}  // namespace

TEST_CASE("a tree of numbers is scikit-learn's, but for rows at a threshold, which is of half the digits there") {
  const std::map<std::string, Map> trees{
      {"shallow", {{"max_depth", 4}, {"min_samples_leaf", 5}}},
      {"few leaves", {{"max_leaf_nodes", 12}}},
      {"pruned", {{"ccp_alpha", 0.5}, {"max_depth", 6}, {"min_samples_leaf", 4}}},
      {"costly cuts", {{"min_impurity_decrease", 0.3}, {"min_samples_split", 10}}},
  };
  for (const bool two : {false, true}) {
    const auto [train, test] = made(two);
    for (auto [name, options] : trees) {
      INFO(name << (two ? ", two numbers" : ""));
      options["n_estimators"] = 1;
      options["bootstrap"] = false;
      const auto tree = estimator("RandomForestRegressor", options);
      tree->fit(train.training());
      CHECK(alike(tree->scores(test.x), numbers(regressors("trees").at(name).at(two ? "two" : "one"))) >= 0.97);
    }
  }
}

TEST_CASE("forests of numbers are as good as scikit-learn's over twenty seeds, and load as they were") {
  const auto [train, test] = made(false);
  double sum = 0, squares = 0;
  for (int seed = 0; seed < 20; ++seed) {
    const Map options{{"n_estimators", 30}, {"seed", seed}};
    const auto forest = estimator("RandomForestRegressor", options);
    forest->fit(train.training());
    const double score = r2(test.values, forest->scores(test.x));
    sum += score / 20;
    squares += score * score / 20;
    const auto again = estimator("RandomForestRegressor", options);
    again->load(forest->state());
    CHECK(again->scores(test.x).values == forest->scores(test.x).values);
  }
  const Value expected = regressors("forest");
  const double own = std::sqrt(std::max(0.0, squares - sum * sum)), theirs = *expected.at("deviation").number();
  CHECK(std::fabs(sum - *expected.at("mean").number()) < 2 * std::sqrt((own * own + theirs * theirs) / 20));
}

TEST_CASE("settings that share a forest of numbers foretell as forests of their own") {
  const auto [train, test] = made(false);
  std::vector<Map> settings;
  for (const Value& depth : {Value(3), Value("none")}) {
    for (const int trees : {15, 5}) settings.push_back({{"max_depth", depth}, {"n_estimators", trees}});
  }
  const auto trials = estimator("RandomForestRegressor")->try_settings(settings, train.training(), test.x, [] {});
  for (size_t s = 0; s < settings.size(); ++s) {
    const auto alone = estimator("RandomForestRegressor", settings[s]);
    alone->fit(train.training());
    CHECK(trials[s].answers.scores.values == alone->scores(test.x).values);
  }
}

TEST_CASE("numbers that no one cut tells apart are told by two") {
  Foretold rows{Matrix(16, 2), Matrix(16, 1)};
  for (size_t i = 0; i < 16; ++i) {
    rows.x(i, 0) = static_cast<double>(i % 4);
    rows.x(i, 1) = static_cast<double>(i / 4);
    rows.values(i, 0) = (i % 4 < 2) != (i / 4 < 2) ? 7 : -7;
  }
  const auto tree = estimator("RandomForestRegressor", {{"n_estimators", 1}, {"bootstrap", false}});
  tree->fit(rows.training());
  CHECK(tree->scores(rows.x).values == rows.values.values);
}
