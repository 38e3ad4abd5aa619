// Searches at random and by halving, several metrics, and journals: what is known is not worked out again.

#include <catch2/catch.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/version.h"
#include "engine/learn/blobs.h"
#include "learn/search.h"
#include "learn/search_journal.h"
#include "learn/search_table.h"
#include "program.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

Value described(const std::string& name, const Map& options = {}) {
  return Map{{"name", "learn." + name}, {"options", options}};
}

std::shared_ptr<learn::Search> search_of(const std::string& kind, Map options) {
  return std::dynamic_pointer_cast<learn::Search>(model::make_estimator(kind, options));
}

std::vector<std::string> settings_of(const learn::Search& search) {
  std::vector<std::string> settings;
  for (const auto& candidate : search.candidates()) settings.push_back(model::show_setting(candidate.setting));
  return settings;
}

std::shared_ptr<learn::Search> loaded(const std::string& kind, const learn::Search& search, const Map& options) {
  const auto fresh = search_of(kind, options);
  fresh->load(search.state());
  return fresh;
}

}  // namespace

TEST_CASE("settings of lists are drawn without putting them back, those of ranges within them") {
  const Map lists{{"estimator", described("SVC")},
                  {"distributions", Map{{"C", List{1, 2, 3, 4}}, {"gamma", List{0.1, 0.2, 0.3}}}},
                  {"seed", 1},
                  {"n_iter", 9}};
  const auto drawn = settings_of(*search_of("RandomizedSearch", lists));
  CHECK(drawn.size() == 9);
  CHECK(std::set(drawn.begin(), drawn.end()).size() == 9);
  CHECK(settings_of(*search_of("RandomizedSearch", lists)) == drawn);
  Map other = lists;
  other["seed"] = 2;
  CHECK(settings_of(*search_of("RandomizedSearch", other)) != drawn);

  const Map range{{"low", 0.01}, {"high", 100}, {"log", true}}, whole{{"low", 1.2}, {"high", 4.9}, {"whole", true}};
  const auto search = search_of("RandomizedSearch", {{"estimator", described("SVC", {{"kernel", "poly"}})},
                                                     {"distributions", Map{{"C", range}, {"degree", whole}}},
                                                     {"n_iter", 300},
                                                     {"seed", 3}});
  double logarithms = 0;
  std::set<double> degrees;
  for (const auto& candidate : search->candidates()) {
    const double c = *candidate.setting.at("C").number();
    CHECK((c >= 0.01 && c <= 100));
    logarithms += std::log10(c) / 300;
    degrees.insert(*candidate.setting.at("degree").number());
  }
  CHECK(std::fabs(logarithms) < 4 * (4 / std::sqrt(12.0)) / std::sqrt(300.0));  // uniform from -2 to 2
  CHECK(degrees == std::set<double>{2, 3, 4});
  const Map none{{"low", 0.1}, {"high", 0.9}, {"whole", true}};
  CHECK_THROWS_WITH(search_of("RandomizedSearch",
                              {{"estimator", described("SVC")}, {"distributions", Map{{"degree", none}}}, {"seed", 3}}),
                    Catch::Contains("'degree': there is no whole number from 0.1 to 0.9"));
}

TEST_CASE("a random search is chosen, saved and loaded as a grid search is") {
  const auto table = blobs(120, 8, 3, 1.5, 4);
  const Map range{{"low", 0.01}, {"high", 100}, {"log", true}};
  const Map options{{"estimator", described("SVC")}, {"distributions", Map{{"C", range}}}, {"n_iter", 4}, {"folds", 3}};
  const auto search = search_of("RandomizedSearch", options);
  search->fit(table.training());
  const auto again = loaded("RandomizedSearch", *search, options);
  CHECK(settings_of(*again) == settings_of(*search));
  CHECK(again->predict(table.x) == search->predict(table.x));
  CHECK(search->searched()->best_candidate().rank == 1);
  CHECK_THROWS_WITH(search_of("RandomizedSearch", {{"estimator", described("SVC")},
                                                   {"distributions", Map{{"C", Map{{"low", 2}, {"high", 1}}}}}}),
                    "RandomizedSearch: 'C': 'low' = 2 is above 'high'");
}

TEST_CASE("halving draws of each class its share, so that no small part has one class only") {
  auto table = blobs(240, 8, 2, 1.5, 4);
  for (size_t row = 0; row < table.y.size(); ++row) table.y[row] = row % 24 == 0;
  for (int seed = 0; seed < 10; ++seed) {
    const auto search =
        search_of("HalvingGridSearch", {{"estimator", described("SVC")},
                                        {"grid", Map{{"C", List{0.1, 1, 10}}, {"gamma", List{0.01, 0.1, 1}}}},
                                        {"folds", 5},
                                        {"seed", seed}});
    search->fit(table.training());
    for (const auto& candidate : search->candidates()) CHECK(candidate.reason == "");
  }
}

TEST_CASE("halving has scikit-learn's rounds, rows and settings") {
  const auto table = blobs(240, 8, 2, 1.5, 4);
  const auto rounds = [&](Map options) {
    options["estimator"] = described("SVC");
    options["folds"] = 5;
    options["seed"] = 1;
    const auto search = search_of("HalvingGridSearch", options);
    search->fit(table.training());
    std::map<std::pair<double, double>, int> counts;  // settings by iteration and resources
    const auto iteration = search->state().at("iteration").doubles(),
               resources = search->state().at("resources").doubles();
    for (size_t r = 0; r < iteration.size(); ++r) ++counts[{iteration[r], resources[r]}];
    return counts;
  };
  using Counts = std::map<std::pair<double, double>, int>;
  const Map nine{{"grid", Map{{"C", List{0.1, 1, 10}}, {"gamma", List{0.01, 0.1, 1}}}}};
  // scikit-learn 1.9.1, HalvingGridSearchCV(...).n_resources_ and n_candidates_ for 240 rows of two classes
  CHECK(rounds(nine) == Counts{{{0, 26}, 9}, {{1, 78}, 3}, {{2, 234}, 1}});
  Map smallest = nine;
  smallest["min_resources"] = "smallest";
  CHECK(rounds(smallest) == Counts{{{0, 20}, 9}, {{1, 60}, 3}, {{2, 180}, 1}});
  Map scarce = nine;
  scarce["min_resources"] = 100;
  CHECK(rounds(scarce) == Counts{{{0, 100}, 9}});
  scarce["aggressive_elimination"] = true;
  CHECK(rounds(scarce) == Counts{{{0, 100}, 9}, {{1, 100}, 3}, {{2, 100}, 1}});
}

TEST_CASE("halving by an option gives the better settings more of it, and remembers its rounds") {
  const auto table = blobs(160, 8, 3, 1.5, 4);
  const Map options{{"estimator", described("RandomForest", {{"seed", 1}})},
                    {"grid", Map{{"max_depth", List{1, 2, 4, 8}}}},
                    {"resource", "n_estimators"},
                    {"max_resources", 20},
                    {"min_resources", 5},
                    {"factor", 2},
                    {"folds", 3}};
  const auto search = search_of("HalvingGridSearch", options);
  search->fit(table.training());
  const auto settings = settings_of(*search);
  REQUIRE(settings.size() == 7);
  CHECK(settings[0] == "max_depth = 1, n_estimators = 5");
  CHECK(settings[6].find("n_estimators = 20") != std::string::npos);
  CHECK(&search->searched()->best_candidate() == &search->candidates()[6]);
  const auto again = loaded("HalvingGridSearch", *search, options);
  CHECK(settings_of(*again) == settings);
  CHECK(again->predict(table.x) == search->predict(table.x));
  Map wrong = options;
  wrong["max_resources"] = "auto";
  CHECK_THROWS_WITH(search_of("HalvingGridSearch", wrong),
                    "HalvingGridSearch: 'max_resources' must be a number where 'resource' = 'n_estimators'");
}

TEST_CASE("one of several metrics chooses, and all of them are kept") {
  const auto table = blobs(200, 6, 3, 2.5, 9);
  const Map grid{{"C", List{0.001, 0.1, 10}}};
  const auto fitted = [&](Map options) {
    options["estimator"] = described("SVC");
    options["grid"] = grid;
    const auto search = search_of("GridSearch", options);
    search->fit(table.training());
    return search;
  };
  const auto both = fitted({{"scoring", List{"accuracy", "f1_macro"}}, {"refit", "f1_macro"}});
  const auto alone = fitted({{"scoring", "f1_macro"}}), other = fitted({{"scoring", "accuracy"}});
  CHECK(both->state().at("fold_scores").doubles() == alone->state().at("fold_scores").doubles());
  CHECK(both->state().at("scores_accuracy").doubles() == other->state().at("fold_scores").doubles());
  CHECK(both->searched()->best == alone->searched()->best);
  const auto usual = fitted({{"scoring", List{"auto", "f1_macro"}}});
  CHECK(usual->state().at("fold_scores").doubles() == other->state().at("fold_scores").doubles());
  CHECK(usual->state().contains("scores_f1_macro"));
  CHECK_THROWS_WITH(search_of("GridSearch", {{"estimator", described("SVC")}, {"grid", grid}, {"refit", "f1"}}),
                    "GridSearch: 'refit' = 'f1' is none of the metrics in 'scoring', 'accuracy'");
}

TEST_CASE("a search goes on with what its journal knows, of the same learner, fold and rows only") {
  const Scratch place("journal");
  auto table = blobs(120, 6, 3, 1.5, 4);
  const Map options{{"estimator", described("KNeighbors")},
                    {"grid", Map{{"n_neighbors", List{1, 3, 500}}}},
                    {"folds", 3},
                    {"journal", (place.folder() / "journal").string()}};
  const auto run = [&](const Map& given) {
    const auto search = search_of("GridSearch", given);
    search->fit(table.training());
    return search;
  };
  const auto lines = [&] {
    const std::string text = read_file(place.folder() / "journal");
    return std::count(text.begin(), text.end(), '\n');
  };
  const auto first = run(options);
  CHECK(lines() == 3);  // a line for each fold: the settings of one learner are worked out together
  const auto second = run(options);
  CHECK(lines() == 3);
  CHECK(second->state().at("fold_scores").doubles().size() == 9);
  CHECK(second->candidates()[0].fold_scores == first->candidates()[0].fold_scores);
  CHECK(second->candidates()[0].seconds >= 0);
  CHECK(second->candidates()[2].reason == first->candidates()[2].reason);

  Map wider = options;
  wider["grid"] = Map{{"n_neighbors", List{1, 3, 5}}};
  run(wider);
  CHECK(lines() == 6);  // one setting is new in each fold
  table.x(5, 0) += 1;
  run(options);
  CHECK(lines() == 9);  // other rows are another search

  write_file(place.folder() / "journal", read_file(place.folder() / "journal") + "{\"search\":1,\"cel");
  run(options);
  CHECK(lines() == 9);  // what a kill cut short is left out
  write_file(place.folder() / "journal", "once upon a time\n");
  CHECK_THROWS_WITH(run(options), Catch::Contains("journal: line 1 is none of a search's journal"));
}

TEST_CASE("a setting that shares no work with others is written down before the next one is begun") {
  const Scratch place("journal");
  const std::string path = (place.folder() / "journal").string();
  /// Looks into the journal whenever it hears of a setting.
  class Watcher final : public Observer {
   public:
    explicit Watcher(std::string path) : path_(std::move(path)) {}
    void begin(const std::string&, size_t, const std::string&) override {}
    void advance(size_t) override {
      const std::string text = read_file(path_);
      lines.push_back(std::count(text.begin(), text.end(), '\n'));
    }
    void end(const std::string&) override {}
    void warn(const std::string&) override {}
    std::vector<long> lines;

   private:
    std::string path_;
  } watcher(path);
  const ObserverScope scope(watcher);
  search_of("GridSearch", {{"estimator", described("GaussianNB")},
                           {"grid", Map{{"var_smoothing", List{1e-9, 1e-6, 1e-3}}}},
                           {"folds", 2},
                           {"journal", path}})
      ->fit(blobs(60, 4, 2, 1.0, 3).training());
  CHECK(watcher.lines == std::vector<long>{1, 3, 5});  // of the two, four and six cells that are tried all but the last
}

TEST_CASE("threads never change a search, whatever its settings share") {
  const auto table = blobs(150, 6, 3, 1.5, 4);
  const std::vector<std::pair<std::string, Map>> searched = {
      {"SVC", {{"C", List{0.1, 10}}, {"gamma", List{0.01, 0.1}}}},
      {"RandomForest", {{"n_estimators", List{5, 20}}, {"max_depth", List{2, "none"}}}},
      {"KNeighbors", {{"n_neighbors", List{1, 5}}, {"weights", List{"uniform", "distance"}}}},
      {"HistGradientBoosting", {{"max_iter", List{3, 6}}}}};
  const int before = thread_count();
  for (const auto& [learner, grid] : searched) {
    INFO(learner);
    std::vector<double> first;
    for (const int threads : {1, 2, 3}) {
      set_thread_count(threads);
      const auto search = search_of("GridSearch", {{"estimator", described(learner)}, {"grid", grid}, {"folds", 3}});
      search->fit(table.training());
      const auto scores = search->state().at("fold_scores").doubles();
      if (first.empty()) first = scores;
      CHECK(scores == first);
    }
  }
  set_thread_count(before);
}

TEST_CASE("every candidate has its worth by each metric, and a table shows them, best first") {
  const auto table = blobs(120, 6, 3, 1.5, 4);
  const auto search = search_of("GridSearch", {{"estimator", described("KNeighbors")},
                                               {"grid", Map{{"n_neighbors", List{1, 500, 5}}}},
                                               {"folds", 3},
                                               {"scoring", List{"accuracy", "f1_macro"}}});
  search->fit(table.training());
  const auto worth = search->worth_by(1);
  const auto scores = search->state().at("scores_f1_macro").doubles();
  CHECK(worth[0].scores == std::vector<double>(scores.begin(), scores.begin() + 3));
  CHECK(worth[0].mean == Approx((scores[0] + scores[1] + scores[2]) / 3));
  CHECK(worth[0].rank + worth[2].rank == 3);
  CHECK(worth[1].rank == 0);
  const std::string text = learn::search_table(*search);
  const std::string first = search->worth_by(0)[2].rank == 1 ? "n_neighbors = 5" : "n_neighbors = 1";
  CHECK_THAT(text, Catch::StartsWith("rank   accuracy (sd)   macro F1 (sd)"));
  CHECK(text.find(first) < text.find(first == "n_neighbors = 5" ? "n_neighbors = 1" : "n_neighbors = 5"));
  CHECK_THAT(text, Catch::Contains("n_neighbors = 500: KNeighbors: 'n_neighbors' = 500"));
}

TEST_CASE("a journal keeps scores that JSON has no number for") {
  const Scratch place("journal");
  const std::string path = (place.folder() / "journal").string();
  learn::SearchJournal(path).add({{"a", {{INFINITY, -INFINITY, 0.5}, "", 1}}, {"b", {{NAN}, "", 1}}});
  const learn::SearchJournal again(path);
  REQUIRE(again.find("a"));
  CHECK(again.find("a")->scores == std::vector<double>{INFINITY, -INFINITY, 0.5});
  REQUIRE(again.find("b"));
  CHECK(std::isnan(again.find("b")->scores.at(0)));
}

TEST_CASE("a cell of a journal is known by the estimator, the fold, the metrics and Lumir's version") {
  const Value nearest = described("KNeighbors"), other = described("KNeighbors", {{"n_neighbors", 3}});
  const std::string key = learn::cell_key(nearest, "rows", {"accuracy"});
  CHECK(learn::cell_key(nearest, "rows", {"accuracy"}, version()) == key);
  CHECK(learn::cell_key(nearest, "rows", {"accuracy"}, version() + ".1") != key);
  CHECK(learn::cell_key(other, "rows", {"accuracy"}) != key);
  CHECK(learn::cell_key(nearest, "other rows", {"accuracy"}) != key);
  CHECK(learn::cell_key(nearest, "rows", {"f1"}) != key);
}

namespace {

constexpr const char* kSearch = R"(
local lumir = require 'lumir'
local learn = lumir.learn
local opt = lumir.options { journal = '' }
local x, y = {}, {}
for i = 1, 400 do
  x[i], y[i] = {}, 'class ' .. i % 3
  for j = 1, 40 do x[i][j] = math.sin(i * j * 1.7) + (j % 4 == i % 3 and 0.6 or 0) end
end
local chain = learn.Pipeline { learn.StandardScaler(), learn.SelectKBest(), learn.SVC() }
local search = learn.GridSearch(chain, { k = { 5, 10, 15, 20, 30, 40 }, C = { 0.1, 1, 10 } },
  { folds = 5, journal = opt.journal }):fit { x = x, y = y }
local out = io.open('result', 'w')
for _, row in ipairs(search.cv_results) do
  out:write(('%.17g %.17g %d\n'):format(row.mean, row.std, row.rank))
end
out:close()
)";

pid_t start_search(const Scratch& place) {
  const std::string lumir = program();
  const pid_t child = fork();
  if (child != 0) return child;
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, descriptor);
  setenv("LUMIR_CACHE", ".cache", 1);
  if (chdir(place.folder().c_str()) == 0) {
    execl(lumir.c_str(), "lumir", "search.lua", "--journal=journal", static_cast<char*>(nullptr));
  }
  _exit(127);
}

}  // namespace

TEST_CASE("a search that was killed twenty times comes to the same end") {
  const Scratch undisturbed("undisturbed"), place("killed");
  for (const Scratch* folder : {&undisturbed, &place}) write_file(*folder / "search.lua", kSearch);
  REQUIRE(run(undisturbed.folder(), "search.lua").status == 0);
  const std::string wanted = read_file(undisturbed / "result");
  const auto known = [&] {
    std::error_code none;
    const auto size = std::filesystem::file_size(place / "journal", none);
    return none ? 0 : size;
  };
  int kills = 0;
  while (kills < 20) {
    const auto before = known();
    const pid_t child = start_search(place);
    int status = 0;
    pid_t ended = 0;
    while (ended == 0 && known() == before) {  // till one more group of cells is known
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ended = waitpid(child, &status, WNOHANG);
    }
    if (ended == 0) {
      kill(child, SIGKILL);
      REQUIRE(waitpid(child, &status, 0) == child);
    }
    if (WIFSIGNALED(status)) {
      ++kills;
    } else {  // it was faster than this test: begun anew
      REQUIRE(status == 0);
      CHECK(read_file(place / "result") == wanted);
      std::filesystem::remove(place / "journal");
    }
  }
  REQUIRE(run(place.folder(), "search.lua --journal=journal").status == 0);
  CHECK(read_file(place / "result") == wanted);
}
