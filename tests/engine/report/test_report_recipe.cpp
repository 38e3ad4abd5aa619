// A recipe's report as a user gets it: the program is run, its folder is read.

#include <catch2/catch.hpp>

#include <cstdlib>

#include "core/file.h"
#include "core/readable.h"
#include "core/value.h"
#include "program.h"

using namespace lumir;
using lumir::tests::Scratch;

namespace {

/// Three singers, one column, every tenth row wrong: no audio is needed.
constexpr const char* kRecipe = R"lua(
local lumir = require 'lumir'
local learn, evaluate, report = lumir.learn, lumir.evaluate, lumir.report
local opt = lumir.options { folds = 3 }
lumir.seed(7)

local function songs(n, step)
  local rows = { x = {}, y = {}, groups = {} }
  for i = 1, n do
    local singer = i % 3
    rows.y[i] = ({ 'abba', 'queen', '邱冠銘' })[singer + 1]
    rows.x[i] = { i % step == 0 and (singer + 1) % 3 or singer, i % 7 }
    rows.groups[i] = rows.y[i] .. '/album ' .. math.floor(i / 9)
  end
  return rows
end
local train, valid = songs(90, 30), songs(60, 10)
local results = evaluate.compare({
  ['k-NN'] = learn.GridSearch(learn.KNeighbors(), { n_neighbors = { 1, 5 } }, { folds = opt.folds }):fit(train),
  ['Forest'] = learn.RandomForest { n_estimators = 10 }:fit(train),
}, valid, { train = train })
report.confusion(results, { sort = 'similarity', percent = true }):save 'matrix.svg'
local tsne = report.tsne(results.best.model, valid, { perplexity = 5 })
local written = report('Who is singing?', { opt, results, tsne,
  subtitle = 'A test', author = '邱冠銘', findings = [[
    We found two things:
    - the first
    - the second]] })
print(written.pdf)
)lua";

std::string first_line_after(const std::string& text, const std::string& word) {
  const size_t at = text.find(word);
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("report() writes slides, page and figures into the run folder, with the numbers of run.json") {
  const Scratch scratch("report-recipe");
  write_file(scratch / "recipes/voices/near.lua", kRecipe);
  const auto outcome = tests::run(scratch.folder(), "recipes/voices/near.lua");
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  const std::string folder = scratch / "runs/voices-near/1";
  CHECK(outcome.out.find("runs/voices-near/1/report.pdf") != std::string::npos);
  for (const char* file : {"/report.pdf", "/report.html", "/run.json", "/log.jsonl", "/matrix.svg",
                           "/figures/confusion_k_nn.png", "/figures/confusion_forest.svg", "/figures/tsne.pdf"}) {
    INFO(file);
    CHECK(std::filesystem::exists(folder + file));
  }
  const Value record = from_json(read_file(folder + "/run.json"), "run.json");
  CHECK(*record["seeds"]["lumir"].number() == 7);
  CHECK(*record["options"]["folds"].number() == 3);
  CHECK(*(*record["searches"].list())[0]["model"].text() == "k-NN");
  CHECK((*record["searches"].list())[0]["rows"].list()->size() == 2);
  const std::string page = read_file(folder + "/report.html");
  for (const auto& model : *record["results"]["models"].list()) {
    for (const auto& [name, score] : *model["valid"].map()) {
      INFO(*model["name"].text() << " " << name);
      std::string text = show_score(*score["value"].number());
      const bool average =
          name == "precision" || name == "recall" || name.starts_with("f1");  // over classes: no interval
      REQUIRE(score["low"].is_nil() == average);
      if (!average)
        text += " (" + show_limits(*score["value"].number(), *score["low"].number(), *score["high"].number()) + ")";
      CHECK(page.find(text) != std::string::npos);
    }
  }
  CHECK(page.find("<li>the second</li>") != std::string::npos);
  CHECK(page.find("邱冠銘") != std::string::npos);
  CHECK(page.find("A test") != std::string::npos);
}

TEST_CASE("a second run gives the same figures byte for byte, and the same record but for its timings") {
  const Scratch scratch("report-twice");
  write_file(scratch / "near.lua", kRecipe);
  for (int i = 0; i < 2; ++i) REQUIRE(tests::run(scratch.folder(), "near.lua").status == 0);
  Value records[2];
  for (int i = 0; i < 2; ++i) {
    records[i] = from_json(read_file(scratch / "runs/near/" + std::to_string(i + 1) + "/run.json"), "run.json");
    records[i].map()->erase("timings");
  }
  CHECK(to_json(records[0]) == to_json(records[1]));
  size_t n = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch / "runs/near/1/figures")) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK(read_file(entry.path().string()) == read_file(scratch / "runs/near/2/figures/" + name));
    ++n;
  }
  CHECK(n == 15);
  for (const char* file : {"/report.pdf", "/report.html", "/report.layout", "/recordings.csv"}) {
    INFO(file);
    CHECK(read_file(scratch / "runs/near/1" + file) == read_file(scratch / "runs/near/2" + file));
  }
}

TEST_CASE("--student names the report") {
  const Scratch scratch("report-student");
  write_file(scratch / "near.lua", kRecipe);
  const auto outcome = tests::run(scratch.folder(), "near.lua --student=r12345678");
  REQUIRE(outcome.status == 0);
  CHECK(std::filesystem::exists(scratch / "runs/near/1/r12345678_report.pdf"));
  CHECK(read_file(scratch / "runs/near/1/report.html").find("r12345678") != std::string::npos);
  CHECK(first_line_after(outcome.out, "report  ").find("r12345678_report.pdf") != std::string::npos);
}

TEST_CASE("report() refuses what it has no place for, by position") {
  const Scratch scratch("report-wrong");
  write_file(scratch / "wrong.lua", "local lumir = require 'lumir'\nlumir.report('t', { print })\n");
  const auto outcome = tests::run(scratch.folder(), "wrong.lua");
  CHECK(outcome.status == 1);
  CHECK(outcome.err.find("report: has no place for a function; it shows datasets, chains, results,") !=
        std::string::npos);
}
