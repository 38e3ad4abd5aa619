// What learners refuse, and in which words.

#include <catch2/catch.hpp>

#include "engine/learn/sets.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

Value described(const std::string& name, const Map& options = {}) { return estimator(name, options)->description(); }

const Labelled& rows() {
  static const Labelled table = blobs(60, 6, 3, 1.5, 5);
  return table;
}

/// The learners that have the option class_weight.
std::vector<std::string> takers_of_class_weights() {
  std::vector<std::string> names;
  for (const Entry* entry : entries()) {
    const auto takes = [](const Parameter& parameter) { return parameter.name == "class_weight"; };
    if (entry->module != "learn" || std::none_of(entry->parameters.begin(), entry->parameters.end(), takes)) continue;
    names.push_back(entry->name);
  }
  REQUIRE(names.size() >= 10);
  return names;
}

void check_refused(const std::string& name, const Map& options, const std::string& text) {
  INFO(name + " " + show(options));
  const auto fit = [&] { estimator(name, options)->fit(rows().training()); };
  CHECK_THROWS_WITH(fit(), text);
}

}  // namespace

TEST_CASE("straight borders refuse columns whose squares are no numbers") {
  Labelled huge = rows();
  for (size_t i = 0; i < huge.x.rows; ++i) huge.x(i, 2) = i % 2 ? 1.7e308 : -1.7e308;
  const auto refused = [&](const std::string& name, const Map& options, const std::string& text) {
    INFO(name + " " + show(options));
    CHECK_THROWS_WITH(estimator(name, options)->fit(huge.training()), text);
  };
  const std::string of_column = ": the squares of column 3 are not finite; the column's numbers are too large for it";
  refused("LogisticRegression", {}, "LogisticRegression" + of_column);
  refused("LogisticRegression", {{"penalty", "l1"}}, "LogisticRegression" + of_column);
  refused("LinearSVC", {}, "LinearSVC" + of_column);
  refused("LinearSVC", {{"loss", "hinge"}},
          "LinearSVC: the squares of row 1 are not finite; the columns' numbers are too large for it");
}

TEST_CASE("learners that square numbers name the column whose squares are no numbers") {
  for (const double size : {1e155, 1e200, 1.7e308}) {
    Labelled huge = rows();
    Matrix values(huge.x.rows, 1);
    for (size_t i = 0; i < huge.x.rows; ++i) {
      huge.x(i, 2) = i % 2 ? size : -size;
      values(i, 0) = huge.x(i, 0);
    }
    model::Training numbers = huge.training();
    numbers.target = Target::numbers;
    numbers.values = &values;
    const std::string text = ": the squares of column 3 are not finite; the column's numbers are too large for it";
    const auto refused = [&](const std::string& name, const Map& options = {}) {
      INFO(name + " " + show(options) << " beside " << size);
      const auto learner = estimator(name, options);
      CHECK_THROWS_WITH(learner->fit(learner->is(model::Role::regressor) ? numbers : huge.training()), name + text);
    };
    for (const char* name : {"Ridge", "RidgeRegressor"}) {
      refused(name);
      refused(name, {{"alpha", 0}});
      refused(name, {{"fit_intercept", false}});
    }
    for (const char* solver : {"svd", "lsqr", "eigen"}) refused("LDA", {{"solver", solver}});
    for (const char* solver : {"adam", "sgd", "lbfgs"}) refused("MLP", {{"solver", solver}});
    for (const char* kernel : {"linear", "rbf", "poly", "sigmoid"}) refused("SVC", {{"kernel", kernel}});
    for (const char* name : {"QDA", "GaussianNB", "SGD", "Perceptron", "KMeans", "IncrementalPCA"}) refused(name);
  }
}

TEST_CASE("MLP's batches, which are of float, refuse what lbfgs in double still takes") {
  Labelled large = rows();
  for (size_t i = 0; i < large.x.rows; ++i) large.x(i, 2) *= 1e25;
  for (const char* solver : {"adam", "sgd"}) {
    CHECK_THROWS_WITH(estimator("MLP", {{"solver", solver}})->fit(large.training()),
                      "MLP: the squares of column 3 are not finite; the column's numbers are too large for it");
  }
  CHECK_NOTHROW(estimator("MLP", {{"solver", "lbfgs"}})->fit(large.training()));
}

TEST_CASE("support vectors refuse rows whose kernel is no number in floats, and a search tells it of each setting") {
  Labelled large = rows();
  for (size_t i = 0; i < large.x.rows; ++i) large.x(i, 2) = 1e20 * (i % 3 ? 1 : -1);
  const std::string text =
      "SVC: the kernel of row 1 with itself is not finite (it is kept in float32); the columns' numbers are too large "
      "for it";
  CHECK_THROWS_WITH(estimator("SVC", {{"kernel", "linear"}})->fit(large.training()), text);
  const auto svc = estimator("SVC", {});
  svc->fit(large.training());  // distances become numbers up to 1
  const auto trials =
      svc->try_settings({{{"kernel", "linear"}}, {{"kernel", "rbf"}}}, large.training(), large.x, [] {});
  CHECK(trials[0].reason == text);
  CHECK(trials[1].reason.empty());
}

TEST_CASE("a poly kernel of two rows that is larger than that of each with itself is looked at") {
  Labelled table = rows();
  for (size_t i = 0; i < table.x.rows; ++i) {
    for (size_t j = 0; j < table.x.columns; ++j) table.x(i, j) = j > 0 ? 0 : i % 2 ? 1e6 : -1e6;
  }
  const Map options{{"kernel", "poly"}, {"gamma", 1}, {"coef0", -1e12}, {"max_iter", 1000}};
  const auto fit = [&](int degree) {
    Map all = options;
    all["degree"] = degree;
    estimator("SVC", all)->fit(table.training());
  };
  CHECK_NOTHROW(fit(3));  // 8e36
  CHECK_THROWS_WITH(fit(4),
                    "SVC: the kernel of rows 1 and 2 is not finite (it is kept in float32); the columns' numbers or "
                    "'coef0' are too large for it");
  for (size_t i = 0; i < table.x.rows; ++i) table.x(i, 0) = 1e6;  // none lies opposite another
  CHECK_NOTHROW(fit(4));
}

TEST_CASE("columns whose squares are numbers, and those of a row or of all together are none, are refused") {
  Labelled table = rows();
  const std::string of_row = ": the squares of row 8 are not finite; the columns' numbers are too large for it";
  const std::string distances =
      "KMeans: the squared distances of rows are not finite; the columns' numbers are too "
      "large for it";
  table.x(7, 1) = table.x(7, 2) = 1e154;
  for (const char* kernel : {"rbf", "linear", "poly", "sigmoid"}) {
    CHECK_THROWS_WITH(estimator("SVC", {{"kernel", kernel}, {"gamma", 1}})->fit(table.training()), "SVC" + of_row);
  }
  CHECK_THROWS_WITH(estimator("LinearSVC", {{"loss", "hinge"}})->fit(table.training()), "LinearSVC" + of_row);
  CHECK_THROWS_WITH(estimator("KMeans")->fit(table.training()), distances);
  table.x(7, 2) = 1;
  table.x(8, 2) = 1e154;
  CHECK_THROWS_WITH(estimator("SVC")->fit(table.training()),
                    "SVC: the variance of all numbers is not finite; the columns' numbers are too large for it");
  CHECK_THROWS_WITH(estimator("KMeans")->fit(table.training()), distances);
  table.x(7, 1) = table.x(8, 2) = 1e152;
  CHECK_NOTHROW(estimator("KMeans", {{"n_clusters", 3}, {"seed", 1}})->fit(table.training()));
}

TEST_CASE("weights of classes below 1e-30 and beyond 1e30 are refused by every learner that takes them") {
  for (const std::string& name : takers_of_class_weights()) {
    INFO(name);
    CHECK_THROWS_WITH(estimator(name, {{"class_weight", Map{{"1", 1e308}, {"2", 1e308}}}}),
                      name + ": 'class_weight' of '1' = 1e+308 is out of range (1e-30 to 1e+30)");
    CHECK_THROWS_WITH(estimator(name, {{"class_weight", Map{{"1", 1}, {"2", 1e-200}}}}),
                      name + ": 'class_weight' of '2' = 1e-200 is out of range (1e-30 to 1e+30)");
    CHECK_NOTHROW(estimator(name, {{"class_weight", Map{{"1", 1e-30}}}})->fit(rows().training()));
    const auto learner = estimator(name, {{"class_weight", Map{{"1", 1e20}, {"2", 1e20}, {"3", 1e20}}}});
    model::Training training = rows().training();
    std::vector<double> weights(rows().y.size(), 1e5);
    training.weights = weights;
    learner->fit(training);
    const auto good = learner->predict(rows().x);
    CHECK(agreement(good, rows().y) > 0.6);  // 0.55 are of the first class
    weights[6] = 1e20;
    CHECK_THROWS_WITH(learner->fit(training), Catch::Contains(name + ": 'class_weight' of '") &&
                                                  Catch::Contains("' = 1e+20, times the weight 1e+20 of row 7, is more "
                                                                  "than 1e+30"));
    CHECK(learner->predict(rows().x) == good);
    weights[6] = 1e31;
    CHECK_THROWS_WITH(learner->fit(training),
                      name + ": the weight of row 7 must be 0 or more, at most 1e+30, got 1e+31");
  }
}

TEST_CASE("classes that trees balance are looked at beside the weights of rows as those that are given") {
  std::vector<double> weights(rows().y.size(), 1);
  const auto rare = std::find(rows().y.begin(), rows().y.end(), 2) - rows().y.begin();
  weights[static_cast<size_t>(rare)] = 1e30;
  model::Training training = rows().training();
  training.weights = weights;
  const double balanced =
      static_cast<double>(rows().y.size()) / (3 * static_cast<double>(std::count(rows().y.begin(), rows().y.end(), 2)));
  REQUIRE(balanced > 1);
  for (const char* name : {"RandomForest", "ExtraTrees"}) {
    for (const bool bootstrap : {false, true}) {
      const auto forest = estimator(
          name, {{"class_weight", "balanced_subsample"}, {"bootstrap", bootstrap}, {"n_estimators", 5}, {"seed", 1}});
      CHECK_THROWS_WITH(forest->fit(training),
                        std::string(name) + ": 'class_weight' of '3' = " + show_number(balanced) +
                            ", times the weight 1e+30 of row " + std::to_string(rare + 1) + ", is more than 1e+30");
      weights[static_cast<size_t>(rare)] = 1e29;
      forest->fit(training);
      CHECK(forest->predict(rows().x)[static_cast<size_t>(rare)] == 2);
      weights[static_cast<size_t>(rare)] = 1e30;
      const auto trials = forest->try_settings({{{"max_depth", 2}}}, training, rows().x, [] {});
      CHECK(trials[0].reason.find("is more than 1e+30") != std::string::npos);
    }
  }
}

TEST_CASE("weights of classes, or of rows, may be 1e30 each where the other kind is not there") {
  for (const std::string& name : takers_of_class_weights()) {
    INFO(name);
    const auto by_class = estimator(name, {{"class_weight", Map{{"1", 1e30}, {"2", 1e30}, {"3", 1e30}}}});
    by_class->fit(rows().training());
    CHECK(agreement(by_class->predict(rows().x), rows().y) > 0.6);
    const std::vector<double> weights(rows().y.size(), 1e30);
    model::Training training = rows().training();
    training.weights = weights;
    const auto by_row = estimator(name, {});
    by_row->fit(training);
    CHECK(agreement(by_row->predict(rows().x), rows().y) > 0.6);
  }
}

TEST_CASE("settings that contradict each other or the rows are refused in one line") {
  check_refused("LinearSVC", {{"penalty", "l1"}, {"loss", "hinge"}},
                "LinearSVC: 'penalty' = 'l1' needs 'loss' = 'squared_hinge'");
  check_refused("LDA", {{"shrinkage", 0.5}}, "LDA: 'shrinkage' needs 'solver' = 'eigen' or 'lsqr'");
  check_refused("LDA", {{"n_components", 3}},
                "LDA: 'n_components' = 3 is more than the 2 directions of these classes and columns");
  check_refused("GaussianNB", {{"priors", List{0.5, 0.5}}}, "GaussianNB: 'priors' has 2 numbers for 3 classes");
  check_refused(
      "QDA", {},
      "QDA: the cloud of class 3 is flat (few rows, or columns that depend on each other); raise 'reg_param'");
  check_refused(
      "Voting", {{"estimators", List{described("SVC")}}, {"voting", "soft"}},
      "Voting: 'voting' = 'soft' needs probabilities, and SVC gives decisions (learn.Calibrated turns them into "
      "probabilities)");
  check_refused("Voting", {{"estimators", List{described("SVC")}}, {"weights", List{1, 2}}},
                "Voting: 'weights' must be a number for each of the 1 classifiers, not all 0, got { 1, 2 }");
  check_refused("Voting", {{"estimators", List{described("PCA")}}}, "Voting: needs a classifier, got PCA()");
  check_refused("Union", {{"transformers", List{described("SVC")}}}, "Union: needs transformers, got SVC()");
  check_refused("AdaBoost", {{"estimator", described("KNeighbors")}}, "KNeighbors: takes no weights of rows");
  check_refused("Dummy", {{"strategy", "constant"}, {"constant", "4"}},
                "Dummy: 'constant' names '4', which is no class");
  check_refused("SelectFromModel", {{"estimator", described("GaussianNB")}},
                "SelectFromModel: GaussianNB has neither importances nor coefficients of columns");
  check_refused("SelectKBest", {{"score_func", "chi2"}, {"k", 2}},
                "SelectKBest: 'chi2' needs numbers of 0 or more, got -0.9598555246613345 in column 1 of row 1");
  check_refused("VarianceThreshold", {{"threshold", 1e6}}, "VarianceThreshold: no column has a variance above 1000000");
  check_refused("MinMaxScaler", {{"feature_range", List{1, 0}}},
                "MinMaxScaler: 'feature_range' must be two numbers in ascending order, got { 1, 0 }");
}

TEST_CASE("probabilities of support vectors agree with the vote nearly everywhere, and sum to 1") {
  const auto [train, test] = alternate(set_named("wine"));
  const auto chain =
      estimator("Pipeline",
                {{"steps", List{described("StandardScaler"), described("SVC", {{"probability", true}, {"seed", 1}})}}});
  chain->fit(train.training());
  const auto answers = chain->answer(test.x);
  CHECK(answers.kind == ScoreKind::probabilities);
  CHECK(agreement(model::highest(answers.scores), answers.predicted) > 0.97);
  for (size_t i = 0; i < test.x.rows; ++i) {
    double sum = 0;
    for (const double share : answers.scores.row(i)) sum += share;
    CHECK(sum == Approx(1));
  }
}

TEST_CASE("a stratified dummy draws classes as often as they occur") {
  const auto dummy = estimator("Dummy", {{"strategy", "stratified"}, {"seed", 3}});
  dummy->fit(rows().training());
  const Matrix many(20000, 6);
  const auto said = dummy->predict(many);
  for (int c = 0; c < 3; ++c) {
    const double share = static_cast<double>(std::count(rows().y.begin(), rows().y.end(), c)) / 60;
    CHECK(static_cast<double>(std::count(said.begin(), said.end(), c)) / 20000 == Approx(share).margin(0.02));
  }
}

TEST_CASE("a fold that lacks a class gives it no probability and ranks it last") {
  Labelled part = rows();
  for (size_t i = 0; i < part.y.size(); ++i) part.y[i] = part.y[i] == 1 ? 0 : part.y[i];
  for (const char* name :
       {"LogisticRegression", "LinearSVC", "GaussianNB", "LDA", "MLP", "HistGradientBoosting", "AdaBoost"}) {
    INFO(name);
    const auto learner = estimator(name, {});
    learner->fit(part.training());
    const auto answers = learner->answer(part.x);
    for (size_t i = 0; i < part.x.rows; ++i) {
      CHECK(answers.predicted[i] != 1);
      if (answers.kind == ScoreKind::probabilities) CHECK(answers.scores(i, 1) == 0);
      CHECK(answers.scores(i, 1) <= std::min(answers.scores(i, 0), answers.scores(i, 2)));
    }
  }
}
