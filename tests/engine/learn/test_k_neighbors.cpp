// k-NN gives scikit-learn's answers, ties included where a rule decides them.

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"
#include "learn/neighbours.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

const std::vector<Map> kSettings = {
    {{"n_neighbors", 1}, {"weights", "uniform"}},  {{"n_neighbors", 1}, {"weights", "distance"}},
    {{"n_neighbors", 5}, {"weights", "uniform"}},  {{"n_neighbors", 5}, {"weights", "distance"}},
    {{"n_neighbors", 15}, {"weights", "uniform"}}, {{"n_neighbors", 15}, {"weights", "distance"}},
};

std::string golden_name(const Map& setting) {
  return show_number(*setting.at("n_neighbors").number()) + " " + *setting.at("weights").text();
}

}  // namespace

TEST_CASE("KNeighbors predicts scikit-learn's classes and shares") {
  const auto table = blobs(600, 12, 5, 1.6, 3);
  const auto train = table.slice(0, 300), test = table.slice(300, 600);
  const auto trials = estimator("KNeighbors")->try_settings(kSettings, train.training(), test.x, [] {});
  for (size_t s = 0; s < kSettings.size(); ++s) {
    INFO(golden_name(kSettings[s]));
    const Value expected = golden("neighbours").at(golden_name(kSettings[s]));
    const auto model = estimator("KNeighbors", kSettings[s]);
    model->fit(train.training());
    CHECK(model->predict(test.x) == labels(expected.at("predicted")));
    CHECK(trials[s].answers.predicted == labels(expected.at("predicted")));
    const auto shares = numbers(expected.at("first_row"));
    const Matrix scores = model->scores(test.x);
    for (size_t c = 0; c < shares.size(); ++c) CHECK(scores(0, c) == Approx(shares[c]).margin(1e-9));
  }
}

TEST_CASE("neighbours are those of an exhaustive search, equal distances in order") {
  auto table = blobs(90, 4, 2, 1.0, 8);
  for (size_t j = 0; j < 4; ++j) table.x(50, j) = table.x(20, j);  // two equal rows
  const auto found = learn::find_neighbours_within("KNeighbors", table.x, 10);
  for (size_t i = 0; i < 90; ++i) {
    std::vector<std::pair<double, int>> all;
    for (size_t r = 0; r < 90; ++r) {
      double sum = 0;
      for (size_t j = 0; j < 4; ++j) sum += (table.x(i, j) - table.x(r, j)) * (table.x(i, j) - table.x(r, j));
      if (r != i) all.emplace_back(sum, static_cast<int>(r));
    }
    std::sort(all.begin(), all.end());
    for (size_t n = 0; n < 10; ++n) CHECK(found.rows_of(i)[n] == all[n].second);
  }
  CHECK(found.rows_of(20)[0] == 50);
  CHECK(found.distances_of(20)[0] == 0);
  CHECK(learn::find_neighbours("KNeighbors", table.x, table.x, 1).rows_of(50)[0] == 20);
}

TEST_CASE("neighbours that differ by less than single precision tells are found all the same") {
  // clouds far from each other, whose rows lie nearer together than the products' rounding
  auto table = blobs(400, 5, 2, 1.0, 8);
  for (size_t i = 0; i < 400; ++i) {
    for (size_t j = 0; j < 5; ++j) table.x(i, j) = 1e-4 * table.x(i, j) + (i % 2 == 0 ? 100.0 : -100.0);
  }
  const auto found = learn::find_neighbours_within("KNeighbors", table.x, 3);
  for (size_t i = 0; i < 400; ++i) {
    std::vector<std::pair<double, int>> all;
    for (size_t r = 0; r < 400; ++r) {
      double sum = 0;
      for (size_t j = 0; j < 5; ++j) sum += (table.x(i, j) - table.x(r, j)) * (table.x(i, j) - table.x(r, j));
      if (r != i) all.emplace_back(sum, static_cast<int>(r));
    }
    std::sort(all.begin(), all.end());
    for (size_t n = 0; n < 3; ++n) CHECK(found.rows_of(i)[n] == all[n].second);
  }
}

TEST_CASE("rows equal to the query vote alone when votes count by distance") {
  const Labelled table{Matrix(4, 1), {0, 1, 1, 1}, 2, {}};
  Labelled line = table;
  line.x.values = {0, 0.1, 0.2, 0.3};
  const auto model = estimator("KNeighbors", {{"n_neighbors", 4}, {"weights", "distance"}});
  model->fit(line.training());
  Matrix query(1, 1, 0.0);
  CHECK(model->predict(query) == std::vector<int>{0});
  CHECK(model->scores(query)(0, 0) == 1);
}

TEST_CASE("KNeighbors needs as many rows as neighbours") {
  const auto table = blobs(12, 4, 2, 1.0, 6);
  CHECK_THROWS_WITH(estimator("KNeighbors", {{"n_neighbors", 15}})->fit(table.training()),
                    "KNeighbors: 'n_neighbors' = 15 is more than the 12 training rows");
  CHECK_THROWS_WITH(estimator("KNeighbors", {{"n_neighbors", 0}}),
                    "KNeighbors: 'n_neighbors' = 0 is out of range (at least 1)");
  const auto trials =
      estimator("KNeighbors")
          ->try_settings({{{"n_neighbors", 3}}, {{"n_neighbors", 13}}}, table.training(), table.x, [] {});
  CHECK(trials[0].answers.predicted.size() == 12);
  CHECK(trials[1].reason == "KNeighbors: 'n_neighbors' = 13 is more than the 12 training rows");
}

TEST_CASE("a loaded KNeighbors answers as the saved one") {
  const auto table = blobs(60, 5, 3, 1.0, 9);
  const auto model = estimator("KNeighbors", {{"n_neighbors", 3}});
  model->fit(table.training());
  const auto loaded = estimator("KNeighbors", {{"n_neighbors", 3}});
  loaded->load(model->state());
  CHECK(loaded->scores(table.x).values == model->scores(table.x).values);
  auto broken = model->state();
  broken["labels"] = beginning_with(3, broken["labels"]);
  CHECK_THROWS_WITH(loaded->load(broken), "KNeighbors: the arrays of the model do not fit together");
}

TEST_CASE("KNeighbors agrees with scikit-learn on Rock and Hip-Hop of the FMA") {
  const auto table = fma();
  if (table.x.rows == 0) return;
  auto [train, test] = alternate(table);
  const auto scaler = estimator("StandardScaler");
  train.x = scaler->fit_transform(train.training());
  test.x = scaler->transform(test.x);
  const auto model = estimator("KNeighbors", {{"n_neighbors", 7}, {"weights", "distance"}});
  model->fit(train.training());
  CHECK(model->predict(test.x) == labels(golden("fma").at("neighbours")));
}

TEST_CASE("rows far from 0 are their own nearest neighbours") {
  Labelled table{Matrix(3000, 2), {}, 2, {}};
  for (size_t i = 0; i < 3000; ++i) {
    table.x(i, 0) = 1.7e9 + static_cast<double>(i) + (i % 2 == 0 ? 0 : 1e12);  // two places that no middle serves
    table.x(i, 1) = 0.5;
    table.y.push_back(static_cast<int>(i / 7 % 2));
  }
  const auto model = estimator("KNeighbors", {{"n_neighbors", 1}});
  model->fit(table.training());
  CHECK(model->predict(table.x) == table.y);
}

TEST_CASE("distances that are infinite are said, not skipped, under the name of who asks for them") {
  Labelled table{Matrix(5, 1), {0, 0, 1, 1, 1}, 2, {}};
  for (size_t i = 0; i < 5; ++i) table.x(i, 0) = static_cast<double>(i + 1) * 1e200;
  const std::string text = ": the distances of row 1 are infinite; the columns' numbers are too large for it";
  for (const double p : {2, 3}) {
    const Map options{{"n_neighbors", 3}, {"p", p}};
    const auto model = estimator("KNeighbors", options), regressor = estimator("KNeighborsRegressor", options);
    model->fit(table.training());
    CHECK_THROWS_WITH(model->predict(Matrix(1, 1)), "KNeighbors" + text);
    model::Training numbers = table.training();
    numbers.target = Target::numbers;
    numbers.values = &table.x;
    regressor->fit(numbers);
    CHECK_THROWS_WITH(regressor->answer(Matrix(1, 1)), "KNeighborsRegressor" + text);
  }
  CHECK_THROWS_WITH(estimator("UMAP", {{"n_neighbors", 3}})->fit_transform(table.training()), "UMAP" + text);
}
