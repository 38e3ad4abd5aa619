// The commands that look after runs, the cache, the installation and new files.

#include <filesystem>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "core/readable.h"
#include "core/value.h"
#include "program.h"
#include "tree.h"

namespace lumir {
namespace {

namespace fs = std::filesystem;
using tests::run;
using tests::Scratch;

/// Writes what it is told into its run folder.
void write_recipe(const Scratch& scratch, const std::string& content) {
  write_file(scratch / "small.lua",
             "local lumir = require 'lumir'\nlocal options = lumir.options { gain = 2 }\n"
             "local file = io.open(lumir.report.folder() .. '/numbers.csv', 'w')\n"
             "file:write('gain,' .. options.gain .. '," +
                 content + "')\nfile:close()\n");
}

TEST_CASE("a run is repeated with its options, and what differs is said") {
  const Scratch scratch("rerun");
  write_recipe(scratch, "one");
  REQUIRE(run(scratch.folder(), "small.lua --gain=5").status == 0);
  const auto same = run(scratch.folder(), "rerun runs/small/1");
  CHECK(same.status == 0);
  CHECK(same.out.find("same   runs/small/1 and runs/small/2 agree in everything but times") != std::string::npos);
  CHECK(read_file(scratch / "runs/small/2/numbers.csv") == "gain,5,one");
  write_recipe(scratch, "two");
  const auto other = run(scratch.folder(), "rerun runs/small/1");
  CHECK(other.status == 1);
  CHECK(other.out.find("differs  numbers.csv: other bytes") != std::string::npos);
}

TEST_CASE("a run that lies elsewhere is compared with the new one, not with itself") {
  const Scratch scratch("rerun");
  write_recipe(scratch, "one");
  REQUIRE(run(scratch.folder(), "small.lua").status == 0);
  std::filesystem::create_directories(scratch.folder() / "kept");
  std::filesystem::rename(scratch.folder() / "runs/small", scratch.folder() / "kept/small");
  write_recipe(scratch, "two");
  CHECK(run(scratch.folder(), "rerun kept/small/1").status == 1);
  write_file(scratch / "small.lua", "print 'no run'\n");
  const auto none = run(scratch.folder(), "rerun kept/small/1");
  CHECK(none.status == 1);
  CHECK(none.err == "error: small.lua made no run this time\n");
  CHECK(run(scratch.folder(), "rerun nowhere/1").err == "error: nowhere/1: no run lies there (no run.json)\n");
}

TEST_CASE("runs are listed with the options in which they differ") {
  const Scratch scratch("runs");
  std::filesystem::create_directories(scratch.folder() / "runs/begun/1");  // goes on, or broke off: said by nobody
  const auto begun = run(scratch.folder(), "runs");
  CHECK(begun.out == "no run below runs\n");
  CHECK(begun.err.empty());
  write_recipe(scratch, "one");
  run(scratch.folder(), "small.lua --gain=5");
  run(scratch.folder(), "small.lua");
  const auto list = run(scratch.folder(), "runs");
  CHECK(list.out.find("runs/small/1") != std::string::npos);
  CHECK(list.out.find("gain = 5") != std::string::npos);
  CHECK(list.out.find("gain = 2") != std::string::npos);
}

TEST_CASE("a run that failed or was broken off is listed as such") {
  const Scratch scratch("runs");
  write_file(scratch / "judged.lua", R"(
local lumir = require 'lumir'
local opt = lumir.options { fail = '' }
local rows = lumir.data.table { x = { { 1 }, { 2 }, { 8 }, { 9 } }, y = { 'a', 'a', 'b', 'b' } }
lumir.evaluate(lumir.learn.KNeighbors({ n_neighbors = 1 }):fit(rows), rows)
if opt.fail == 'no' then return end
if opt.fail == 'kill' then os.execute 'kill -9 $PPID' end
lumir.fail 'the disk is full'
)");
  run(scratch.folder(), "judged.lua --fail=no");
  CHECK(run(scratch.folder(), "judged.lua").err == "error: the disk is full\n");
  run(scratch.folder(), "judged.lua --fail=kill");
  const std::string list = run(scratch.folder(), "runs").out;
  INFO(list);
  CHECK(list.find("accuracy 1.000") < list.find("runs/judged/2"));
  CHECK(list.find("failed") > list.find("runs/judged/2"));
  CHECK(list.find("failed") < list.find("runs/judged/3"));
  CHECK(list.find("stopped") > list.find("runs/judged/3"));
  CHECK(list.find("accuracy", list.find("runs/judged/2")) == std::string::npos);
  CHECK(read_file(scratch / "runs/judged/2/log.jsonl").find("the disk is full") != std::string::npos);
}

/// Two classes of songs, and models that are validated by a metric.
void write_validation(const Scratch& scratch, const std::string& metric) {
  write_file(scratch / "rounds.lua", R"(
local lumir = require 'lumir'
local data, learn = lumir.data, lumir.learn
local opt = lumir.options { folds = 4, seed = 1 }
lumir.seed(opt.seed)
local rows = { x = {}, y = {} }
for i = 1, 40 do rows.x[i], rows.y[i] = { i % 2 + 0.9 * math.sin(7 * i), i % 5 }, i % 2 == 0 and 'even' or 'odd' end
local songs, parts = data.table(rows), { opt }
for i, model in ipairs { learn.Dummy(), learn.LogisticRegression() } do
  parts[i + 1] = learn.cross_validate(model, songs, { folds = opt.folds, scoring = { ')" +
                                         metric + R"(' } })
  print('mean ' .. parts[i + 1].mean[')" +
                                         metric + R"('])
end
lumir.report('Rounds', parts)
)");
}

TEST_CASE("a run of cross-validations is listed by the best mean, and repeated to the byte") {
  for (const std::string metric : {"accuracy", "log_loss"}) {
    const Scratch scratch("rounds");
    write_validation(scratch, metric);
    const auto first = run(scratch.folder(), "rounds.lua");
    INFO(first.err);
    REQUIRE(first.status == 0);
    const double dummy = std::stod(first.out.substr(first.out.find("mean ") + 5));
    const double regression = std::stod(first.out.substr(first.out.rfind("mean ") + 5));
    REQUIRE((metric == "accuracy" ? regression > dummy : regression < dummy));
    const auto list = run(scratch.folder(), "runs");
    INFO(list.out);
    CHECK(list.out.find(metric + " " + show_score(regression) + "  LogisticRegression") != std::string::npos);
    const auto same = run(scratch.folder(), "rerun runs/rounds/1");
    INFO(same.out);
    CHECK(same.status == 0);
    CHECK(read_file(scratch / "runs/rounds/1/report.html") == read_file(scratch / "runs/rounds/2/report.html"));
    CHECK(read_file(scratch / "runs/rounds/1/report.pdf") == read_file(scratch / "runs/rounds/2/report.pdf"));
    const Value record = from_json(read_file(scratch / "runs/rounds/1/run.json"), "run.json");
    CHECK(record["timings"]["seconds"].map()->count("fit LogisticRegression()") == 1);
    CHECK(run(scratch.folder(), "-e \"lumir.finished 'runs/rounds/1'\"").err ==
          "error: runs/rounds/1: is a cross-validation, whose folds have a model each\n");
  }
}

TEST_CASE("a damaged run is warned of, and the others are listed") {
  const Scratch scratch("runs");
  write_recipe(scratch, "one");
  run(scratch.folder(), "small.lua");
  for (const auto& [number, text] :
       std::map<std::string, std::string>{{"2", "{"}, {"3", "{}"}, {"4", R"({"recipe":"small.lua","options":7})"}}) {
    std::filesystem::create_directories(scratch.folder() / ("runs/small/" + number));
    write_file(scratch / ("runs/small/" + number + "/run.json"), text);
  }
  const auto list = run(scratch.folder(), "runs");
  CHECK(list.status == 0);
  CHECK(list.out.find("runs/small/1") != std::string::npos);
  CHECK(list.err ==
        "warning: runs/small/2/run.json: is none that a run wrote\nwarning: runs/small/3/run.json: is none that a run "
        "wrote\nwarning: runs/small/4/run.json: its 'options' is no table\n");
  CHECK(run(scratch.folder(), "rerun runs/small/4").err == "error: runs/small/4/run.json: its 'options' is no table\n");
}

TEST_CASE("a run whose results are damaged is warned of, too") {
  const Scratch scratch("runs");
  write_recipe(scratch, "one");
  run(scratch.folder(), "small.lua");
  for (const auto& [number, rest] : std::map<std::string, std::string>{{"2", R"("results":{"models":5})"},
                                                                       {"3", R"("results":{"models":[7]})"},
                                                                       {"4", R"("results":{"models":[{"valid":1}]})"},
                                                                       {"5", R"("results":{"metrics":"f1"})"},
                                                                       {"6", R"("timings":{"started":5})"},
                                                                       {"7", R"("folds":[7])"},
                                                                       {"8", R"("folds":[{"mean":7}])"}}) {
    std::filesystem::create_directories(scratch.folder() / ("runs/small/" + number));
    write_file(scratch / ("runs/small/" + number + "/run.json"), R"({"recipe":"a",)" + rest + "}");
  }
  const auto list = run(scratch.folder(), "runs");
  CHECK(list.status == 0);
  CHECK(list.out.find("runs/small/1") != std::string::npos);
  CHECK(list.err ==
        "warning: runs/small/2/run.json: its 'results.models' is no list\n"
        "warning: runs/small/3/run.json: its 'results.models[1]' is no table\n"
        "warning: runs/small/4/run.json: its 'results.models[1].valid' is no table\n"
        "warning: runs/small/5/run.json: its 'results.metrics' is no list\n"
        "warning: runs/small/6/run.json: its 'timings.started' is no text\n"
        "warning: runs/small/7/run.json: its 'folds[1]' is no table\n"
        "warning: runs/small/8/run.json: its 'folds[1].mean' is no table\n");
}

TEST_CASE("the reference is not written into a folder without a name") {
  const Scratch scratch("docs");
  const auto said = run(scratch.folder(), "docs ''");
  CHECK(said.status == 1);
  CHECK(said.err == "error: docs: 'FOLDER' is empty; '.' is the folder one is in\n");
}

TEST_CASE("the cache is measured and emptied, and nothing else beside it") {
  const Scratch scratch("cache");
  std::filesystem::create_directories(scratch / ".cache/weights");
  write_file(scratch / ".cache/weights/kept", std::string(2'000'000, 'x'));
  CHECK(run(scratch.folder(), "cache").out.find("0.00 GB of 20 GB\nholds features 0.00 GB") != std::string::npos);
  CHECK(run(scratch.folder(), "cache --trim=0").status == 0);
  CHECK(std::filesystem::exists(scratch / ".cache/weights/kept"));
  CHECK(run(scratch.folder(), "cache --trim=-1").status == 2);
}

TEST_CASE("the doctor finds nothing wrong here, and a cache that cannot be written") {
  const Scratch scratch("doctor");
  const auto well = run(scratch.folder(), "doctor");
  INFO(well.out);
  CHECK(well.status == 0);
  CHECK(well.out.find("all is well") != std::string::npos);
  CHECK(well.out.find("\nto play       ") != std::string::npos);
  CHECK(well.out.find(", features 0.00 GB") != std::string::npos);
}

/// The lines of a file that are longer than sources have them.
std::vector<std::string> long_lines(const std::string& path) {
  std::vector<std::string> found;
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > 120) found.push_back(line);
  }
  return found;
}

TEST_CASE("what is begun in a source tree goes into that one, from any folder of it, and long names are laid out") {
  const Scratch scratch("tree");
  write_file(scratch / "scripts/build", "");
  write_file(scratch / "engine/core/registry.h", "");
  fs::create_directories(scratch / "engine/nn");
  for (const char* file : {"scripts/format", "scripts/common.sh", ".clang-format"}) {
    fs::copy(std::string(LUMIR_ROOT) + "/" + file, scratch / file);
  }
  const std::pair<std::string, std::string> kinds[] = {
      {"layer", "GatedUnitOfManyBranchesWithAnUnusuallyLongName"},
      {"learner", "VoteOfManyNeighboursWithAnUnusuallyLongName"},
      {"feature", "spectral_slope_of_the_harmonics_with_an_unusually_long_name"},
      {"metric", "share_of_the_rows_that_are_wrong_with_an_unusually_long_name"}};
  for (const auto& [kind, name] : kinds) {
    const auto made = run(scratch.folder() / "engine/nn", "new " + kind + " " + name);
    INFO(made.err);
    REQUIRE(made.status == 0);
    std::istringstream lines(made.out);
    std::string source, spec;
    std::getline(lines, source);
    std::getline(lines, spec);
    CHECK(source.starts_with(fs::canonical(scratch.folder()).string() + "/engine/"));
    CHECK(long_lines(source).empty());
    CHECK(long_lines(spec).empty());
  }
}

TEST_CASE("a recipe is begun where one is, all else in a source tree only") {
  const Scratch scratch("new");
  CHECK(run(scratch.folder(), "new recipe mine").out ==
        "mine.lua\nmine_spec.lua\nlumir mine.lua   runs it; lumir mine_spec.lua   runs its spec\n");
  const auto spec = run(scratch.folder(), "mine_spec.lua");
  INFO(spec.err);
  CHECK(spec.status == 0);
  CHECK(spec.out.ends_with("more than twice chance\n"));
  fs::create_directories(scratch / "elsewhere");
  const auto from_elsewhere = run(scratch.folder() / "elsewhere", "../mine_spec.lua");
  INFO(from_elsewhere.err);
  CHECK(from_elsewhere.status == 0);
  CHECK(from_elsewhere.out.ends_with("more than twice chance\n"));
  CHECK(run(scratch.folder(), "new recipe mine").err == "error: new: mine.lua is there already\n");
  CHECK(run(scratch.folder(), "new feature slope").err.find("goes into the source tree of Lumir, and '") !=
        std::string::npos);
  CHECK(run(scratch.folder(), "new layer slope").status == 2);
}

}  // namespace
}  // namespace lumir
