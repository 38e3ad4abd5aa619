// What every registered estimator must do, as scikit-learn's check_estimator asks of its own. A new one is tried here
// without being named: what it must be given is found from the kinds of its parameters.

#include <ATen/core/Tensor.h>

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>

#include "core/parallel.h"
#include "core/random.h"
#include "engine/learn/blobs.h"
#include "model/model_file.h"
#include "program.h"
#include "tensor/convert.h"

using namespace lumir;
using model::EstimatorPtr;
using model::Role;
using tests::Labelled;

namespace {

Value described(const std::string& name, const Map& options = {}) {
  return model::make_estimator(name, options)->description();
}

/// Something for a parameter that an estimator cannot do without.
Value filling(const Parameter& parameter) {
  if (parameter.type == "estimator") return described("KNeighbors");
  if (parameter.type == "grid") return Map{{"n_neighbors", List{1, 3}}};
  if (parameter.type == "column transformers") {
    return List{List{List{1, 3, 12}, described("StandardScaler")}, List{4, described("PCA")}};
  }
  if (parameter.type == "steps") return List{described("StandardScaler"), described("KNeighbors")};
  if (parameter.type == "estimators")
    return List{described("KNeighbors"), described("RandomForest", {{"n_estimators", 9}})};
  FAIL("no test knows what to give for a '" + parameter.type + "'");
  return {};
}

EstimatorPtr made(const Entry& entry) {
  Map options;
  for (const auto& parameter : entry.parameters) {
    if (parameter.place.required || parameter.place.listed) options[parameter.name] = filling(parameter);
    if (parameter.name == "transformers" && parameter.type == "steps") {  // a classifier is none
      options["transformers"] = List{described("StandardScaler"), described("PCA")};
    }
    if (parameter.name == "seed") options["seed"] = 7;
    if (parameter.name == "dimension") options["dimension"] = 3;  // 64 by default are all that IVector could have here
    if (parameter.name == "n_estimators") options["n_estimators"] = 20;
    if (parameter.name == "reg_param") options["reg_param"] = 0.1;  // clouds of few rows are flat
  }
  return model::make_estimator(entry.full_name(), options);
}

std::vector<const Entry*> all_estimators() {
  std::vector<const Entry*> found;
  for (const Entry* entry : entries()) {
    // a network is trained by loops of its own: tests/engine/nn
    const bool fits = entry->module != "testing" && entry->module != "nn";
    if (fits && model::is_estimator(*entry)) found.push_back(entry);
  }
  return found;
}

void for_every_estimator(const std::function<void(const Entry&)>& check) {
  const auto all = all_estimators();
  REQUIRE(all.size() >= 9);
  for (const Entry* entry : all) {
    INFO(entry->full_name());
    check(*entry);
  }
}

const Labelled& rows() {
  static const Labelled table = tests::blobs(60, 12, 3, 1.5, 5);
  return table;
}

/// Numbers to be foretold: the classes as such.
Matrix values_of(const Labelled& table) {
  Matrix values(table.y.size(), 1);
  for (size_t i = 0; i < values.rows; ++i) values(i, 0) = table.y[i];
  return values;
}

/// Has it learn what it can: classes, or numbers.
void fit(model::Estimator& estimator, const Labelled& table) {
  const Matrix values = values_of(table);
  model::Training training = table.training();
  if (estimator.is(Role::regressor)) {
    training.target = Target::numbers;
    training.values = &values;
  }
  estimator.fit(training);
}

/// True for what foretells: classes or numbers.
bool answers(const model::Estimator& estimator) {
  return estimator.is(Role::classifier) || estimator.is(Role::regressor);
}

/// What it makes of rows: scores, or what it changes them into. For what can only place the rows of its fit, its state.
std::vector<double> results(const model::Estimator& estimator, const Matrix& x) {
  if (answers(estimator)) return estimator.scores(x).values;
  try {
    return estimator.transform(x).values;
  } catch (const ArgumentError& problem) {
    if (std::string(problem.what()).find("places only the rows") == std::string::npos) throw;
  }
  std::vector<double> all;
  for (const auto& [name, array] : estimator.state()) {
    const auto values = array.doubles();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

/// The text of the error that a fit gives; empty where it gives none.
std::string problem_of_fit(model::Estimator& estimator, const Labelled& table) {
  try {
    fit(estimator, table);
  } catch (const ArgumentError& problem) {
    return problem.what();
  }
  return "";
}

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// Fits a table that is odd: the answer is finite, or the refusal is one line.
void check_odd(const Entry& entry, const Labelled& table) {
  const EstimatorPtr estimator = made(entry);
  const std::string problem = problem_of_fit(*estimator, table);
  if (!problem.empty()) {
    CHECK(problem.find(": ") != std::string::npos);
    CHECK(problem.find('\n') == std::string::npos);
    CHECK_FALSE(estimator->fitted());
    return;
  }
  for (const Matrix* asked : {&table.x, &rows().x}) {  // those of the fit, and ordinary ones
    try {
      const auto numbers = results(*estimator, *asked);
      CHECK(all_finite(numbers));
    } catch (const ArgumentError& refused) {
      CHECK(std::string(refused.what()).find("too large") != std::string::npos);
    }
  }
}

}  // namespace

TEST_CASE("every estimator is saved and loaded without a change") {
  const tests::Scratch place("every-estimator");
  for_every_estimator([&](const Entry& entry) {
    model::Model fitted{made(entry)};
    fit(*fitted.estimator, rows());
    fitted.classes =
        fitted.estimator->is(Role::regressor) ? std::vector<std::string>{"a"} : std::vector<std::string>{"a", "b", "c"};
    const std::string path = place / (entry.name + ".safetensors");
    model::save_model(path, fitted);
    const model::Model loaded = model::load_model(path);
    CHECK(loaded.estimator->description() == fitted.estimator->description());
    CHECK(results(*loaded.estimator, rows().x) == results(*fitted.estimator, rows().x));
    if (fitted.estimator->is(Role::classifier)) {
      CHECK(loaded.estimator->predict(rows().x) == fitted.estimator->predict(rows().x));
    }
  });
}

TEST_CASE("what an estimator has learnt stays when the tensor of its rows is written afterwards") {
  for_every_estimator([](const Entry& entry) {
    const auto fitted_on = [&](const SharedMatrix& x) {
      data::Table table;
      table.x = x;
      table.y = rows().y;
      table.classes = {"a", "b", "c"};
      model::Model fitted{made(entry)};
      if (fitted.estimator->is(Role::regressor)) table.set_values(Target::numbers, {"a"}, values_of(rows()));
      model::fit(fitted, table);
      return fitted;
    };
    const model::Model expected = fitted_on(rows().x);
    at::Tensor x = tensor::from_matrix(rows().x);
    const model::Model fitted = fitted_on(tensor::to_shared_matrix(x, "fit"));
    x.fill_(1e9);
    CHECK(results(*fitted.estimator, rows().x) == results(*expected.estimator, rows().x));
    CHECK(rows().x.values.size() == 720);  // a test that wrote to them would prove nothing
  });
}

TEST_CASE("every estimator is made again from its description, with every option read and written") {
  for_every_estimator([](const Entry& entry) {
    const EstimatorPtr first = made(entry);
    CHECK(model::make_estimator(first->description())->description() == first->description());
    for (const auto& parameter : entry.parameters) CHECK(first->options().contains(parameter.name));
    Map unknown = first->options();
    unknown["no_such_option"] = 1;
    CHECK_THROWS_AS(model::make_estimator(entry.full_name(), unknown), ArgumentError);
  });
}

TEST_CASE("every estimator refuses NaN, infinite numbers and no rows in one line, and stays as it was") {
  for_every_estimator([](const Entry& entry) {
    const EstimatorPtr estimator = made(entry);
    Labelled nan = rows(), infinite = rows(), none = rows().take({});
    nan.x(7, 3) = std::nan("");
    infinite.x(7, 3) = HUGE_VAL;
    const std::string problem = problem_of_fit(*made(entry), nan);
    if (estimator->takes_missing()) CHECK(problem.empty());
    if (!estimator->takes_missing()) CHECK(problem.find("column 4 holds NaN in row 8") != std::string::npos);
    CHECK(problem_of_fit(*estimator, infinite).find("column 4 holds an infinite number") != std::string::npos);
    CHECK_FALSE(problem_of_fit(*estimator, none).empty());
    CHECK_FALSE(estimator->fitted());
  });
}

TEST_CASE("a refit that fails leaves every estimator as it was") {
  for_every_estimator([](const Entry& entry) {
    const EstimatorPtr estimator = made(entry);
    fit(*estimator, rows());
    const auto before = results(*estimator, rows().x);
    // what is infinite is refused by whatever comes first; one class only by what classifies, after the steps before it
    // were fitted
    Labelled infinite = tests::blobs(40, 12, 3, 2.5, 9), one = infinite;
    infinite.x(39, 11) = HUGE_VAL;
    std::fill(one.y.begin(), one.y.end(), 1);
    CHECK_FALSE(problem_of_fit(*estimator, infinite).empty());
    CHECK(results(*estimator, rows().x) == before);
    if (estimator->is(Role::classifier)) CHECK_FALSE(problem_of_fit(*estimator, one).empty());
    CHECK(estimator->fitted());
    CHECK(results(*estimator, rows().x) == before);
    State foreign = estimator->state();
    foreign.erase(foreign.begin());
    CHECK_THROWS_AS(estimator->load(foreign), Error);
    CHECK(results(*estimator, rows().x) == before);
  });
}

TEST_CASE("every classifier refuses one class and tells who it is") {
  for_every_estimator([](const Entry& entry) {
    const EstimatorPtr estimator = made(entry);
    if (!estimator->is(Role::classifier)) return;
    Labelled one = rows();
    std::fill(one.y.begin(), one.y.end(), 1);
    CHECK(problem_of_fit(*estimator, one).find("needs at least two classes, got one (class 2)") != std::string::npos);
  });
}

TEST_CASE("odd tables give finite answers or one clear line") {
  for_every_estimator([](const Entry& entry) {
    Labelled single = rows(), constant = rows(), twice = rows(), huge = rows(), tiny = rows();
    for (size_t i = 0; i < rows().x.rows; ++i) {
      constant.x(i, 2) = 0.1;
      twice.x(i, 4) = twice.x(i, 5);
      tiny.x(i, 1) *= 1e-300;
      for (size_t j = 0; j < 12; ++j) huge.x(i, j) *= j % 2 ? 1e200 : 1e155;
      if (single.y[i] == 2) single.y[i] = 1;
    }
    single.y[11] = 2;
    for (const auto* table : {&single, &constant, &twice, &huge, &tiny}) check_odd(entry, *table);
    check_odd(entry, rows().slice(0, 4));
  });
}

TEST_CASE("every estimator answers for the columns of its fit only, and not before it") {
  for_every_estimator([](const Entry& entry) {
    const EstimatorPtr estimator = made(entry);
    const bool foretells = answers(*estimator);
    const auto ask = [&](const Matrix& x) { foretells ? void(estimator->answer(x)) : void(estimator->transform(x)); };
    CHECK_THROWS_WITH(ask(rows().x), Catch::Contains("is not fitted yet; call fit first"));
    fit(*estimator, rows());
    CHECK_THROWS_AS(ask(Matrix(2, 5)), ArgumentError);
    if (!estimator->is(Role::transformer)) {
      CHECK_THROWS_WITH(estimator->transform(rows().x), Catch::Contains("is no transformer"));
    }
    if (!foretells) CHECK_THROWS_WITH(estimator->answer(rows().x), Catch::Contains("is no classifier"));

    data::Table table;
    table.x = rows().x;
    table.y = rows().y;
    table.classes = {"a", "b", "c"};
    if (estimator->is(Role::regressor)) table.set_values(Target::numbers, {"a"}, values_of(rows()));
    for (int j = 0; j < 12; ++j) table.columns.push_back("column_" + std::to_string(j));
    model::Model fitted{made(entry)};
    model::fit(fitted, table);
    std::swap(table.columns[3], table.columns[4]);
    CHECK_THROWS_WITH(model::check_columns(fitted, table, "predict"),
                      Catch::Contains("predict: column 4 is 'column_4', but was 'column_3' when"));
  });
}

TEST_CASE("the same seed gives the same fit, whatever the number of threads") {
  const int before = thread_count();
  for_every_estimator([](const Entry& entry) {
    std::vector<double> first;
    for (const int threads : {1, 2, 3, 1}) {
      set_thread_count(threads);
      const EstimatorPtr estimator = made(entry);
      fit(*estimator, rows());
      const auto now = results(*estimator, rows().x);
      if (first.empty()) first = now;
      CHECK(now == first);
    }
  });
  set_thread_count(before);
}

TEST_CASE("weights of rows count, or are refused in one line") {
  for_every_estimator([](const Entry& entry) {
    const EstimatorPtr estimator = made(entry);
    if (!estimator->is(Role::classifier)) return;
    model::Training training = rows().training();
    std::vector<double> weights;
    for (const int label : rows().y) weights.push_back(label == 2 ? 0 : 1);
    training.weights = weights;
    try {
      estimator->fit(training);
    } catch (const ArgumentError& refused) {
      CHECK(std::string(refused.what()).find("takes no weights of rows") != std::string::npos);
      return;
    }
    const auto predicted = estimator->predict(rows().x);
    CHECK(std::count(predicted.begin(), predicted.end(), 2) == 0);
    weights.assign(rows().y.size(), -1);
    training.weights = weights;
    CHECK_THROWS_WITH(estimator->fit(training), Catch::Contains("the weight of row 1 must be 0 or more, got -1"));
  });
}
