// Pipelines and grid search: scikit-learn's candidates, scores and ranks, and clear words for what cannot be.

#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "engine/learn/blobs.h"
#include "learn/grid_search.h"

using namespace lumir;
using namespace lumir::tests;
using learn::GridSearch;

namespace {

Value described(const std::string& name, const Map& options = {}) {
  return Map{{"name", "learn." + name}, {"options", options}};
}

Value pipeline_of(const List& steps) { return described("Pipeline", {{"steps", steps}}); }

Value example_pipeline() {
  return pipeline_of({described("RobustScaler"), described("SelectKBest", {{"k", 12}}), described("SVC")});
}

List example_grid() {
  return {Map{{"C", List{0.1, 1, 10}}, {"gamma", List{"scale", 0.01}}, {"kernel", "rbf"}},
          Map{{"SelectKBest.k", List{5, 12}}, {"C", List{1, 10}}, {"kernel", "linear"}},
          Map{{"C", 1}, {"degree", List{2, 3}}, {"kernel", "poly"}}};
}

std::shared_ptr<GridSearch> search_of(const Value& estimator, const Value& grid, Map options = {}) {
  options["estimator"] = estimator;
  options["grid"] = grid;
  return std::dynamic_pointer_cast<GridSearch>(model::make_estimator("GridSearch", options));
}

std::vector<data::Fold> interleaved_folds(int rows, int folds) {
  std::vector<data::Fold> out(static_cast<size_t>(folds));
  for (int f = 0; f < folds; ++f) {
    for (int i = 0; i < rows; ++i) {
      auto& fold = out[static_cast<size_t>(f)];
      (i % folds == f ? fold.valid : fold.train).push_back(i);
    }
  }
  return out;
}

/// Remembers what it heard.
struct Listener : Observer {
  std::string task, unit, remark;
  size_t total = 0, done = 0;
  void begin(const std::string& t, size_t n, const std::string& u) override {
    task = t;
    total = n;
    unit = u;
  }
  void advance(size_t n) override { done += n; }
  void end(const std::string& r) override { remark = r; }
  void warn(const std::string&) override {}
};

std::string problem_of(const Value& estimator, const Value& grid) {
  try {
    search_of(estimator, grid);
  } catch (const ArgumentError& problem) {
    return problem.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a grid search scores, ranks and chooses as scikit-learn") {
  Listener listener;
  const ObserverScope scope(listener);
  const auto table = blobs(240, 20, 4, 2.0, 4);
  const auto search = search_of(example_pipeline(), example_grid());
  search->use_folds(interleaved_folds(240, 5));
  search->fit(table.training());
  const Value expected = golden("search");
  const auto mean = numbers(expected.at("mean")), sd = numbers(expected.at("deviation"));
  const auto rank = numbers(expected.at("rank"));
  const auto& candidates = search->candidates();
  REQUIRE(candidates.size() == mean.size());
  for (size_t c = 0; c < candidates.size(); ++c) {
    INFO(model::show_setting(candidates[c].setting));
    CHECK(candidates[c].mean == Approx(mean[c]).margin(1e-9));
    CHECK(candidates[c].sd == Approx(sd[c]).margin(1e-9));
    CHECK(candidates[c].rank == static_cast<int>(rank[c]));
    CHECK(candidates[c].fold_scores.size() == 5);
    CHECK(candidates[c].reason == "");
  }
  CHECK(&search->searched()->best_candidate() == &candidates[static_cast<size_t>(*expected.at("best").number())]);
  CHECK(model::show_setting(candidates[1].setting) == "C = 0.1, gamma = 0.01, kernel = rbf");

  CHECK(listener.task == "search     SVC         ");
  CHECK(listener.unit == "settings x 5 folds, no groups given");
  CHECK(listener.total == 12);
  CHECK(listener.done == 12);
  CHECK(listener.remark == "best 0.800");
}

TEST_CASE("the best setting is fitted on all rows and answers for the search") {
  const auto table = blobs(240, 20, 4, 2.0, 4);
  const auto search = search_of(example_pipeline(), example_grid());
  search->use_folds(interleaved_folds(240, 5));
  search->fit(table.training());
  const auto alone =
      estimator("Pipeline", {{"steps", List{described("RobustScaler"), described("SelectKBest", {{"k", 5}}),
                                            described("SVC", {{"C", 1}, {"kernel", "linear"}})}}});
  alone->fit(table.training());
  CHECK(model::show_estimator(*search->chosen()) ==
        "Pipeline { RobustScaler(), SelectKBest { k = 5 }, SVC { kernel = 'linear' } }");
  CHECK(search->scores(table.x).values == alone->scores(table.x).values);
  CHECK(search->predict(table.x) == alone->predict(table.x));
  CHECK(search->n_classes() == 4);
}

TEST_CASE("without folds of the caller groups stay whole") {
  auto table = blobs(240, 20, 4, 2.0, 4);
  for (size_t i = 0; i < 240; ++i)
    table.groups.push_back("album " + std::to_string(table.y[i]) + "-" + std::to_string(i % 7));
  const auto search = search_of(described("SVC"), Map{{"C", List{1, 10}}}, {{"folds", 3}, {"by", "album"}});
  search->fit(table.training());
  REQUIRE(search->folds().size() == 3);
  for (const auto& fold : search->folds()) {
    CHECK(fold.train.size() + fold.valid.size() == 240);
    std::set<std::string> seen;
    for (const int row : fold.train) seen.insert(table.groups[static_cast<size_t>(row)]);
    for (const int row : fold.valid) CHECK_FALSE(seen.contains(table.groups[static_cast<size_t>(row)]));
  }
}

TEST_CASE("a setting that cannot be fitted is a row with its reason") {
  const auto table = blobs(60, 6, 2, 1.0, 7);
  const auto search = search_of(pipeline_of({described("SelectKBest", {{"k", 3}}), described("SVC")}),
                                Map{{"k", List{3, 50}}, {"C", List{-1, 1}}});
  search->use_folds(interleaved_folds(60, 3));
  search->fit(table.training());
  const auto& candidates = search->candidates();
  REQUIRE(candidates.size() == 4);  // (C, k) = (-1, 3) (-1, 50) (1, 3) (1, 50)
  CHECK(candidates[0].reason == "SVC: 'C' = -1 is out of range (must be above 0, at most 1e+100)");
  CHECK(std::isnan(candidates[0].mean));
  CHECK(candidates[0].rank == 0);
  CHECK(candidates[0].fold_scores.empty());
  CHECK(candidates[2].rank == 1);
  CHECK(candidates[3].reason == "SelectKBest: 'k' = 50 is more than the 6 columns");
  CHECK(&search->searched()->best_candidate() == &candidates[2]);

  const auto hopeless = search_of(described("SVC"), Map{{"C", List{-1, -2}}});
  hopeless->use_folds(interleaved_folds(60, 3));
  CHECK_THROWS_WITH(hopeless->fit(table.training()),
                    "GridSearch: no setting could be fitted; the first: "
                    "SVC: 'C' = -1 is out of range (must be above 0, at most 1e+100)");
}

TEST_CASE("equal scores go to the first candidate") {
  const auto table = blobs(60, 6, 2, 0.1, 7);
  const auto search = search_of(described("SVC"), Map{{"C", List{5, 5, 1}}});
  search->use_folds(interleaved_folds(60, 3));
  search->fit(table.training());
  CHECK(search->candidates()[1].rank == 1);
  CHECK(&search->searched()->best_candidate() == &search->candidates()[0]);
}

TEST_CASE("a key of a grid finds its step, or says which ways there are") {
  const Value two_scalers = pipeline_of({described("RobustScaler"), described("RobustScaler"), described("SVC")});
  CHECK(problem_of(example_pipeline(), Map{{"gama", 1}}) ==
        "GridSearch: no step has an option 'gama' (did you mean 'gamma'?)");
  CHECK(problem_of(two_scalers, Map{{"with_scaling", List{true, false}}}) ==
        "GridSearch: 'with_scaling' is an option of RobustScaler and RobustScaler; "
        "write 'RobustScaler-1.with_scaling' or 'RobustScaler-2.with_scaling'");
  CHECK(problem_of(pipeline_of({described("StandardScaler"), described("PCA"), described("SVC")}),
                   Map{{"StandardScaler.k", 1}}) == "GridSearch: StandardScaler has no option 'k'");
  CHECK(problem_of(two_scalers, Map{{"RobustScaler.with_scaling", true}}) ==
        "GridSearch: two steps are called 'RobustScaler'; write 'RobustScaler-1.with_scaling' or "
        "'RobustScaler-2.with_scaling'");
  CHECK(problem_of(two_scalers, Map{{"2.with_scaling", List{true, false}}}) == "");
  CHECK(problem_of(example_pipeline(), Map{{"SCV.C", 1}}) ==
        "GridSearch: no step is called 'SCV' in 'SCV.C' (did you mean 'SVC'?)");
  CHECK(problem_of(example_pipeline(), Map{{"SVC.C", 1}, {"C", 2}}) ==
        "GridSearch: 'C' and 'SVC.C' mean the same option");
  CHECK(problem_of(example_pipeline(), Map{{"C", List{}}}) == "GridSearch: 'C' has no alternatives");
  CHECK(problem_of(example_pipeline(), Value(3)) ==
        "GridSearch: 'grid' must be a table of options or a list of such tables, got 3");
  CHECK(problem_of(described("RobustScaler"), Map{}) ==
        "GridSearch: needs a classifier or a regressor, got RobustScaler()");
  CHECK(problem_of(described("SVC"), Map{{"C", List{1, 2}}}) == "");
}

TEST_CASE("a loaded search answers as the saved one and remembers its scores") {
  const auto table = blobs(240, 20, 4, 2.0, 4);
  const auto search = search_of(example_pipeline(), example_grid());
  search->use_folds(interleaved_folds(240, 5));
  search->fit(table.training());
  const auto loaded = std::dynamic_pointer_cast<GridSearch>(model::make_estimator(search->description()));
  loaded->load(search->state());
  CHECK(loaded->scores(table.x).values == search->scores(table.x).values);
  CHECK(loaded->searched()->best_candidate().setting == search->searched()->best_candidate().setting);
  for (size_t c = 0; c < 12; ++c) CHECK(loaded->candidates()[c].rank == search->candidates()[c].rank);
  CHECK(search->state().contains("best.steps.1.chosen"));
}

TEST_CASE("with labels shuffled the best score stays at chance, because selection happens inside each fold") {
  Labelled table = blobs(200, 150, 4, 2.0, 15);
  for (size_t i = 0; i < 200; ++i) table.y[i] = static_cast<int>(i % 4);
  const std::vector<int> ordered = table.y;
  double sum = 0;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const auto order = Random(seed, "shuffled labels").permutation(200);
    for (size_t i = 0; i < 200; ++i) table.y[i] = ordered[static_cast<size_t>(order[i])];
    const auto search = search_of(pipeline_of({described("RobustScaler"), described("SelectKBest"), described("SVC")}),
                                  Map{{"k", List{10, 30}}, {"C", List{0.1, 1, 10}}});
    search->use_folds(interleaved_folds(200, 5));
    search->fit(table.training());
    sum += search->searched()->best_candidate().mean;
  }
  const double deviation = std::sqrt(0.25 * 0.75 / 200);
  CHECK(std::fabs(sum / 10 - 0.25) < 2 * deviation);
}

TEST_CASE("a search prints as it is made") {
  CHECK(model::show_estimator(*search_of(described("SVC", {{"C", 2}}), Map{{"gamma", List{"scale", 0.1}}})) ==
        "GridSearch(SVC { C = 2 }, { gamma = { 'scale', 0.1 } })");
  CHECK(model::show_estimator(*search_of(described("SVC"), Map{{"C", 1}}, {{"folds", 3}})) ==
        "GridSearch(SVC(), { C = 1 }, { folds = 3 })");
}

TEST_CASE("a pipeline prints, passes rows on and refuses what cannot be a step") {
  const auto table = blobs(60, 6, 2, 1.0, 7);
  const Value nested =
      pipeline_of({described("StandardScaler"),
                   pipeline_of({described("SelectKBest", {{"k", 2}}), described("SVC", {{"C", 10}})})});
  const auto made = model::make_estimator(nested);
  const auto& pipeline = *made;
  CHECK(model::show_estimator(*made) == "Pipeline { StandardScaler(), SelectKBest { k = 2 }, SVC { C = 10 } }");
  CHECK_THROWS_WITH(pipeline.predict(table.x), "Pipeline: is not fitted yet; call fit first");
  made->fit(table.training());
  CHECK(pipeline.seen(table.x).columns == 2);
  CHECK(pipeline.columns_out({"a", "b", "c", "d", "e", "f"}).size() == 2);
  CHECK(agreement(pipeline.predict(table.x), table.y) > 0.9);

  CHECK_THROWS_WITH(estimator("Pipeline"), "Pipeline: needs at least one step");
  CHECK_THROWS_WITH(estimator("Pipeline", {{"steps", List{described("SVC"), described("SVC")}}}),
                    "Pipeline: step 1 must be a transformer, got SVC()");
  CHECK_THROWS_WITH(estimator("Pipeline", {{"steps", List{3}}}), "Pipeline: step 1 must be an estimator, got 3");
  CHECK_THROWS_WITH(estimator("Pipeline", {{"steps", List{described("TSNE"), 3}}}),
                    "Pipeline: step 2 must be an estimator, got 3");
}

TEST_CASE("a setting whose scores are no numbers has failed, and the search says so") {
  auto table = blobs(60, 6, 2, 1.0, 7);
  for (double& value : table.x.values) value *= 1e20;
  const auto search = search_of(described("SVC"), Map{{"kernel", List{"linear", "rbf"}}});
  search->use_folds(interleaved_folds(60, 3));
  search->fit(table.training());
  CHECK_THAT(search->candidates()[0].reason, Catch::Contains("the columns' numbers are too large for it"));
  CHECK(search->candidates()[1].rank == 1);
}
