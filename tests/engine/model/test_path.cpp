// Options inside estimators, by path; what composites hold, and what they keep whole.

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"
#include "learn/grid_search.h"
#include "model/path.h"

using namespace lumir;
using model::EstimatorPtr;

namespace {

Value of(const std::string& name, const Map& options = {}) {
  return model::make_estimator(name, options)->description();
}

EstimatorPtr pipeline(const List& steps) { return model::make_estimator("Pipeline", {{"steps", steps}}); }

EstimatorPtr search_in_pipeline(const std::string& by) {
  const Value search =
      of("GridSearch",
         {{"estimator", of("KNeighbors")}, {"grid", Map{{"n_neighbors", List{1, 3}}}}, {"folds", 3}, {"by", by}});
  return pipeline({of("StandardScaler"), search});
}

std::string problem(const EstimatorPtr& root, const std::string& path) {
  try {
    model::find_option(*root, path, "search");
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "none";
}

/// Sets an option by path and says what the estimator is then.
std::string with(const EstimatorPtr& root, const std::string& path, const Value& value) {
  Value description = root->description();
  model::set_option(description, *root, model::find_option(*root, path, "search"), value);
  return model::show_estimator(*model::make_estimator(description));
}

}  // namespace

TEST_CASE("a path leads to an option by name, by place and through searches") {
  const auto chain = pipeline({of("RobustScaler"), of("SVC")});
  CHECK(with(chain, "C", 10) == "Pipeline { RobustScaler(), SVC { C = 10 } }");
  CHECK(with(chain, "SVC.C", 10) == "Pipeline { RobustScaler(), SVC { C = 10 } }");
  CHECK(with(chain, "2.C", 10) == "Pipeline { RobustScaler(), SVC { C = 10 } }");
  CHECK(with(chain, "Pipeline.SVC.C", 10) == "Pipeline { RobustScaler(), SVC { C = 10 } }");
  const auto search = search_in_pipeline("");
  CHECK(with(search, "GridSearch.estimator.weights", "distance") ==
        "Pipeline { StandardScaler(), GridSearch(KNeighbors { weights = 'distance' }, { n_neighbors = { 1, 3 } }, "
        "{ folds = 3 }) }");
  CHECK(with(search, "GridSearch.folds", 4).find("folds = 4") != std::string::npos);
}

TEST_CASE("children that are alike are numbered") {
  const auto chain = pipeline({of("SelectKBest", {{"k", 9}}), of("SelectKBest", {{"k", 5}}), of("SVC")});
  CHECK(with(chain, "SelectKBest-2.k", 4) == "Pipeline { SelectKBest { k = 9 }, SelectKBest { k = 4 }, SVC() }");
  CHECK(problem(chain, "SelectKBest.k") ==
        "search: two steps are called 'SelectKBest'; write 'SelectKBest-1.k' or 'SelectKBest-2.k'");
  CHECK(problem(chain, "k") ==
        "search: 'k' is an option of SelectKBest and SelectKBest; write 'SelectKBest-1.k' or 'SelectKBest-2.k'");
}

TEST_CASE("a wrong path says what was meant") {
  const auto chain = pipeline({of("RobustScaler"), of("SVC")});
  CHECK(problem(chain, "SCV.C") == "search: no step is called 'SCV' in 'SCV.C' (did you mean 'SVC'?)");
  CHECK(problem(chain, "SVC.c") == "search: SVC has no option 'c' (did you mean 'C'?)");
  CHECK(problem(chain, "gama") == "search: no step has an option 'gama' (did you mean 'gamma'?)");
  CHECK(problem(model::make_estimator("SVC", {}), "gama") ==
        "search: SVC has no option 'gama' (did you mean 'gamma'?)");
}

TEST_CASE("a search inside a pipeline keeps the groups of its 'by' whole") {
  const auto table = tests::blobs(90, 6, 3, 1.5, 5);
  // songs as they stand; albums of three rows each, which songs would cut
  std::vector<std::string> songs, albums;
  for (size_t i = 0; i < 90; ++i) {
    songs.push_back("song " + std::to_string(i));
    albums.push_back("album " + std::to_string(i % 30));
  }
  model::Training training{table.x, table.y, 3, songs};
  std::vector<std::string> asked;
  training.level = [&](const std::string& by) {
    asked.push_back(by);
    return albums;
  };
  const auto chain = search_in_pipeline("album");
  chain->fit(training);
  CHECK(asked == std::vector<std::string>{"album"});
  const auto* search = dynamic_cast<const learn::GridSearch*>(chain->children()[1].estimator.get());
  REQUIRE(search);
  for (const auto& fold : search->folds()) {
    for (const int row : fold.valid) {
      for (const int other : fold.train) CHECK(albums[static_cast<size_t>(row)] != albums[static_cast<size_t>(other)]);
    }
  }
}

TEST_CASE("a pipeline may end in a transformer, and is then one") {
  const auto table = tests::blobs(60, 6, 3, 1.5, 5);
  const auto chain = pipeline({of("StandardScaler"), of("PCA", {{"n_components", 2}})});
  CHECK(chain->is(model::Role::transformer));
  CHECK_FALSE(chain->is(model::Role::classifier));
  const Matrix made = chain->fit_transform(table.training());
  CHECK(made.columns == 2);
  const auto scaler = model::make_estimator("StandardScaler", {});
  const auto pca = model::make_estimator("PCA", {{"n_components", 2}});
  CHECK(made.values == pca->fit_transform(table.training().with(scaler->fit_transform(table.training()))).values);
  CHECK(chain->columns_out({"a", "b", "c", "d", "e", "f"}) == std::vector<std::string>{"pca1", "pca2"});
  const auto whole = pipeline({chain->description(), of("SVC")});  // pipelines inside are laid flat
  CHECK(model::show_estimator(*whole) == "Pipeline { StandardScaler(), PCA { n_components = 2 }, SVC() }");
}

TEST_CASE("a search says what it chose, and a setting that cannot be is a row with its reason") {
  const auto table = tests::blobs(60, 6, 3, 1.5, 5);
  const auto search = model::make_estimator(
      "GridSearch", {{"estimator", of("KNeighbors")}, {"grid", Map{{"n_neighbors", List{3, 0, 500}}}}, {"folds", 3}});
  CHECK(search->searched() == nullptr);
  search->fit(table.training());
  REQUIRE(search->searched());
  const auto& candidates = search->searched()->candidates;
  CHECK(candidates[0].reason == "");
  CHECK(candidates[1].reason == "KNeighbors: 'n_neighbors' = 0 is out of range (at least 1)");
  CHECK(candidates[2].reason == "KNeighbors: 'n_neighbors' = 500 is more than the 40 training rows");
  CHECK(model::show_estimator(*search->chosen()) == "KNeighbors { n_neighbors = 3 }");
  CHECK(search->settings() == "n_neighbors = 3");
}

TEST_CASE("a search by another metric chooses by it") {
  const auto table = tests::blobs(90, 6, 3, 4, 11);
  const Map grid{{"n_neighbors", List{1, 9, 25}}};
  const auto search = model::make_estimator(
      "GridSearch", {{"estimator", of("KNeighbors")}, {"grid", grid}, {"folds", 3}, {"scoring", "f1"}});
  search->fit(table.training());
  CHECK(search->searched()->scoring == "f1");
  for (const auto& candidate : search->searched()->candidates) CHECK(candidate.mean <= 1);
  CHECK_THROWS_WITH(
      model::make_estimator("GridSearch", {{"estimator", of("KNeighbors")}, {"grid", grid}, {"scoring", "acuracy"}}),
      "GridSearch: there is no metric 'acuracy' (did you mean 'accuracy'?)");
}
