// SVC gives libsvm's answers.

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "core/parallel.h"
#include "engine/data/scratch.h"
#include "engine/learn/blobs.h"
#include "learn/vectors.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

const std::vector<std::pair<std::string, Map>> kMachines = {
    {"rbf", {}},
    {"rbf narrow", {{"C", 10}, {"gamma", 0.02}}},
    {"rbf auto balanced", {{"C", 0.5}, {"gamma", "auto"}, {"class_weight", "balanced"}}},
    {"linear", {{"kernel", "linear"}, {"C", 0.1}}},
    {"poly", {{"kernel", "poly"}}},
    {"poly square", {{"kernel", "poly"}, {"degree", 2}, {"coef0", 1}, {"C", 10}}},
};

struct Scaled {
  Labelled train, test;
};

Scaled scaled_blobs() {
  const auto table = blobs(600, 12, 5, 1.6, 3);
  Scaled sides{table.slice(0, 300), table.slice(300, 600)};
  const auto scaler = estimator("StandardScaler");
  sides.train.x = scaler->fit_transform(sides.train.training());
  sides.test.x = scaler->transform(sides.test.x);
  return sides;
}

}  // namespace

TEST_CASE("SVC predicts and decides as scikit-learn for every kernel") {
  const auto sides = scaled_blobs();
  for (const auto& [name, options] : kMachines) {
    INFO(name);
    const Value expected = golden("svc").at(name);
    const auto svc = estimator("SVC", options);
    svc->fit(sides.train.training());
    CHECK(agreement(svc->predict(sides.test.x), labels(expected.at("predicted"))) >= 0.995);
    const Matrix scores = svc->scores(sides.test.x);
    for (size_t i = 0; i < 5; ++i) {
      const auto row = numbers((*expected.at("decision").list())[i]);
      for (size_t c = 0; c < row.size(); ++c) CHECK(scores(i, c) == Approx(row[c]).margin(5e-3));
    }
    if (options.contains("gamma"))
      CHECK(svc->state().at("gamma").doubles()[0] == Approx(*expected.at("gamma").number()));
    const auto support = svc->state().at("n_support").doubles();
    const auto their_support = numbers(expected.at("n_support"));
    for (size_t c = 0; c < support.size(); ++c) CHECK(std::fabs(support[c] - their_support[c]) <= 2);
  }
}

TEST_CASE("two classes are ranked by the sign of one decision") {
  const auto table = blobs(600, 12, 5, 1.6, 3);
  std::vector<int> rows;
  for (int i = 0; i < 300; ++i) {
    if (table.y[static_cast<size_t>(i)] < 2) rows.push_back(i);
  }
  Labelled two = table.take(rows);
  two.n_classes = 2;
  const auto svc = estimator("SVC");
  svc->fit(two.training());
  const auto test = table.slice(300, 600);
  CHECK(agreement(svc->predict(test.x), labels(golden("svc two classes").at("predicted"))) >= 0.995);
  const auto decision = numbers(golden("svc two classes").at("decision"));
  const Matrix scores = svc->scores(test.x);
  for (size_t i = 0; i < decision.size(); ++i) {
    CHECK(scores(i, 1) == Approx(decision[i]).margin(2e-3));
    CHECK(scores(i, 0) == -scores(i, 1));
  }
}

TEST_CASE("settings tried together predict as each alone") {
  const auto sides = scaled_blobs();
  std::vector<Map> settings;
  for (const auto& [name, options] : kMachines) settings.push_back(options);
  settings.push_back({{"C", -1}});
  settings.push_back({{"C", 100}});
  int heard = 0;
  const auto trials = estimator("SVC")->try_settings(settings, sides.train.training(), sides.test.x, [&] { ++heard; });
  CHECK(heard == 8);
  for (size_t s = 0; s < settings.size(); ++s) {
    if (s == 6) continue;
    const auto alone = estimator("SVC", settings[s]);
    alone->fit(sides.train.training());
    CHECK(trials[s].reason == "");
    CHECK(trials[s].answers.predicted == alone->predict(sides.test.x));
  }
  CHECK(trials[6].reason == "SVC: 'C' = -1 is out of range (must be above 0, at most 1e+100)");
  CHECK(trials[6].answers.predicted.empty());
}

TEST_CASE("with many rows each pair forms its own kernel, to the same end") {
  const auto table = blobs(6200, 3, 2, 1.0, 13);
  const auto few = table.slice(0, 5900);
  Matrix rows = table.slice(0, 500).x;
  const auto small = estimator("SVC"), large = estimator("SVC");
  small->fit(few.training());
  large->fit(table.training());
  CHECK(agreement(large->predict(rows), small->predict(rows)) >= 0.99);
  CHECK(agreement(large->predict(table.x), table.y) > 0.85);
}

TEST_CASE("a kernel that does not fit 'cache_size' is formed again row by row, to the same end on any threads") {
  const auto sides = scaled_blobs();
  const int before = thread_count();
  for (const Map& options : {Map{{"C", 10}, {"gamma", 0.02}}, Map{{"kernel", "linear"}, {"C", 0.1}}}) {
    const auto whole = estimator("SVC", options);
    whole->fit(sides.train.training());
    // all fits; all but the largest pair; few pairs, and not the kernels within classes; some rows of most pairs
    for (const double megabytes : {0.25, 0.2, 0.1, 0.02}) {
      INFO("cache_size " << megabytes);
      Map small = options;
      small["cache_size"] = megabytes;
      std::vector<std::vector<double>> scores;
      for (const int threads : {1, 3}) {
        set_thread_count(threads);
        const auto svc = estimator("SVC", small);
        Listener listener;
        const ObserverScope scope(listener);
        svc->fit(sides.train.training());
        CHECK(svc->predict(sides.test.x) == whole->predict(sides.test.x));
        scores.push_back(svc->scores(sides.test.x).values);
        CHECK(listener.warnings.size() == (megabytes < 0.21 ? 1 : 0));
        if (megabytes < 0.21) CHECK_THAT(listener.warnings[0], Catch::Contains("MB, over 'cache_size' = 0."));
      }
      set_thread_count(before);
      CHECK(scores[0] == scores[1]);
      const std::vector<double> expected = whole->scores(sides.test.x).values;
      CHECK_THAT(scores[0], Catch::Approx(expected).margin(5e-3));
    }
  }
}

TEST_CASE("probabilities come out alike where the kernel does not fit") {
  const auto sides = scaled_blobs();
  const Map options{{"probability", true}, {"seed", 1}},
      small{{"cache_size", 0.02}, {"probability", true}, {"seed", 1}};
  const auto whole = estimator("SVC", options), parts = estimator("SVC", small);
  whole->fit(sides.train.training());
  Listener listener;
  const ObserverScope scope(listener);
  parts->fit(sides.train.training());
  const std::vector<double> found = parts->scores(sides.test.x).values;
  const std::vector<double> expected = whole->scores(sides.test.x).values;
  CHECK_THAT(found, Catch::Approx(expected).margin(5e-3));
}

TEST_CASE("a search whose Gram matrix does not fit does without it, says so, and finds the same") {
  const auto sides = scaled_blobs();
  const Map grid{{"C", List{1, 10}}, {"gamma", List{0.02, 0.1}}};
  const auto search = [&](double megabytes) {
    const Value svc = Map{{"name", "learn.SVC"}, {"options", Map{{"cache_size", megabytes}}}};
    return estimator("GridSearch", {{"estimator", svc}, {"grid", grid}, {"folds", 3}});
  };
  Listener listener;
  const ObserverScope scope(listener);
  const auto whole = search(300);
  whole->fit(sides.train.training());
  const auto said = [&] {
    return std::count_if(listener.warnings.begin(), listener.warnings.end(),
                         [](const std::string& line) { return line.find("'cache_size' = 0.02") != std::string::npos; });
  };
  CHECK(said() == 0);
  const auto parts = search(0.02);
  parts->fit(sides.train.training());
  CHECK(said() > 0);
  CHECK(parts->state().at("fold_scores").doubles() == whole->state().at("fold_scores").doubles());
}

TEST_CASE("products that do not fit are told where each kernel of a search forms them again") {
  const auto sides = scaled_blobs();
  const auto search = [&](const List& gamma) {
    const Value svc = Map{{"name", "learn.SVC"}, {"options", Map{{"cache_size", 0.2}}}};
    const auto made = estimator("GridSearch", {{"estimator", svc}, {"grid", Map{{"gamma", gamma}}}, {"folds", 3}});
    Listener listener;
    const ObserverScope scope(listener);
    made->fit(sides.train.training());
    const std::string wanted =
        "SVC: the products of 200 rows would take 0.32 MB, over 'cache_size' = 0.2; they are formed again for each "
        "of 2 kernels";
    return std::count_if(listener.warnings.begin(), listener.warnings.end(),
                         [&](const std::string& line) { return line.find(wanted) != std::string::npos; });
  };
  CHECK(search(List{0.02, 0.1}) > 0);
  CHECK(search(List{0.02}) == 0);
}

TEST_CASE("e to the power of many numbers is that of each") {
  std::vector<double> x{0, -0.0, 1, -708, 709, -1e300, 1e-300};
  for (double value = -700; value < 700; value += 0.37) x.push_back(value);
  std::vector<double> powers = x;
  learn::exponentials(powers.data(), powers.size());
  for (size_t i = 0; i < x.size(); ++i) {
    INFO(x[i]);
    CHECK(powers[i] == Approx(std::exp(std::max(x[i], -708.0))).epsilon(5e-16));
  }
  double nan = NAN;
  learn::exponentials(&nan, 1);
  CHECK(std::isnan(nan));
}

TEST_CASE("SVC does not depend on the number of threads") {
  const auto sides = scaled_blobs();
  const int before = thread_count();
  std::vector<Matrix> scores;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    const auto svc = estimator("SVC");
    svc->fit(sides.train.training());
    scores.push_back(svc->scores(sides.test.x));
  }
  set_thread_count(before);
  CHECK(scores[0].values == scores[1].values);
}

TEST_CASE("a class without rows is ranked last and never predicted") {
  auto sides = scaled_blobs();
  sides.train.n_classes = 7;
  const auto svc = estimator("SVC");
  svc->fit(sides.train.training());
  const Matrix scores = svc->scores(sides.test.x);
  REQUIRE(scores.columns == 7);
  for (size_t i = 0; i < scores.rows; ++i) {
    for (size_t c = 0; c < 5; ++c) CHECK(scores(i, 5) < scores(i, c));
    CHECK(std::isfinite(scores(i, 6)));
  }
}

TEST_CASE("a loaded SVC answers bit by bit as the saved one") {
  const auto sides = scaled_blobs();
  for (const auto& [name, options] : kMachines) {
    const auto svc = estimator("SVC", options);
    svc->fit(sides.train.training());
    const auto loaded = estimator("SVC", options);
    loaded->load(svc->state());
    CHECK(loaded->scores(sides.test.x).values == svc->scores(sides.test.x).values);
    CHECK(loaded->predict(sides.test.x) == svc->predict(sides.test.x));
    auto broken = svc->state();
    broken["intercept"] = shorter(broken["intercept"]);
    CHECK_THROWS_WITH(loaded->load(broken), "SVC: the arrays of the model do not fit together");
    broken = svc->state();
    broken["n_support"] = beginning_with(1e9, broken["n_support"]);
    CHECK_THROWS_WITH(loaded->load(broken), "SVC: the arrays of the model do not fit together");
  }
}

TEST_CASE("SVC says what it cannot fit") {
  auto table = blobs(30, 4, 2, 1.0, 6);
  CHECK_THROWS_WITH(estimator("SVC", {{"gamma", "scal"}}),
                    "SVC: 'gamma' = 'scal' is none of 'scale', 'auto' (did you mean 'scale'?)");
  CHECK_THROWS_WITH(estimator("SVC")->predict(table.x), "SVC: is not fitted yet; call fit first");
  const std::vector<std::string> names = {"singer_01", "singer_02"};
  for (int& label : table.y) label = 0;
  auto training = table.training();
  CHECK_THROWS_WITH(estimator("SVC")->fit(training), "SVC: needs at least two classes, got one (class 1)");
  const model::Training named{table.x, table.y, 2, table.groups, &names};
  CHECK_THROWS_WITH(estimator("SVC")->fit(named), "SVC: needs at least two classes, got one ('singer_01')");
}

TEST_CASE("equal rows of different classes and constant columns do not stop SVC") {
  Labelled table{Matrix(12, 3, 1.0), {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 2, {}};
  const auto svc = estimator("SVC");
  svc->fit(table.training());
  for (const double score : svc->scores(table.x).values) CHECK(std::isfinite(score));
}

TEST_CASE("SVC agrees with scikit-learn on Rock and Hip-Hop of the FMA") {
  const auto table = fma();
  if (table.x.rows == 0) return;
  const Value expected = golden("fma");
  REQUIRE(table.x.rows == static_cast<size_t>(*expected.at("rows").number()));
  auto [train, test] = alternate(table);
  const auto scaler = estimator("StandardScaler");
  train.x = scaler->fit_transform(train.training());
  test.x = scaler->transform(test.x);
  const auto svc = estimator("SVC", {{"C", 10}});
  svc->fit(train.training());
  const auto predicted = svc->predict(test.x);
  CHECK(agreement(predicted, labels(expected.at("svc"))) >= 0.995);
  CHECK(agreement(predicted, test.y) == Approx(*expected.at("svc_score").number()).margin(0.003));
}
