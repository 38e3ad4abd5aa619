// Run folders and their run.json; how scores are written in it and everywhere.

#include <catch2/catch.hpp>

#include <cmath>
#include <set>
#include <thread>

#include "core/file.h"
#include "core/readable.h"
#include "engine/report/deck_text.h"
#include "report/run_record.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

TEST_CASE("run folders are named after the recipe and numbered, and no two processes get the same") {
  CHECK(run_name("recipes/artist20/svm.lua") == "artist20-svm");
  CHECK(run_name("/home/me/lumir/recipes/gtzan/crnn.lua") == "gtzan-crnn");
  CHECK(run_name("./svm.lua") == "svm");
  CHECK(run_name("") == "prompt");
  const std::string root = empty_folder("runs");
  CHECK(make_run_folder(root, "recipes/artist20/svm.lua") == root + "/artist20-svm/1");
  CHECK(make_run_folder(root, "recipes/artist20/svm.lua") == root + "/artist20-svm/2");
  std::vector<std::string> made(8);
  std::vector<std::thread> threads;
  for (auto& one : made) threads.emplace_back([&] { one = make_run_folder(root, "recipes/artist20/svm.lua"); });
  for (auto& thread : threads) thread.join();
  CHECK(std::set<std::string>(made.begin(), made.end()).size() == 8);
  std::filesystem::remove_all(root);
}

TEST_CASE("run.json is the same for two runs but for its timings") {
  const std::string root = empty_folder("record");
  std::string texts[2];
  for (auto& text : texts) {
    RunRecord record(make_run_folder(root, "recipes/a/b.lua"), "recipes/a/b.lua");
    record.set("options", Map{{"seed", 1}});
    record.add_seconds("fit", 0.5);
    record.add_seconds("fit", 0.25);
    record.log("done", {{"rows", 3}});
    record.write();
    Value json = from_json(read_file(record.folder() + "/run.json"), "run.json");
    CHECK(*json["timings"]["seconds"]["fit"].number() == 0.75);
    json.map()->erase("timings");
    text = to_json(json);
    const std::string log = read_file(record.folder() + "/log.jsonl");
    CHECK(count(log, "\n") == 2);
    CHECK(*from_json(log.substr(log.find('\n') + 1), "log")["rows"].number() == 3);
  }
  CHECK(texts[0] == texts[1]);
  std::filesystem::remove_all(root);
}

TEST_CASE("scores are written in one way") {
  CHECK(show_score(0.6506024) == "0.651");
  CHECK(show_score(NAN) == "-");
  CHECK(show_limits(0.651, 0.546, 0.7449) == "0.55-0.74");
  CHECK(show_limits(0.999, 0.9984, 0.9999) == "0.998-1.000");
  CHECK(show_limits(0.004, 0.001, 0.0047) == "0.001-0.005");
  CHECK(show_limits(1, 0.996, 1) == "1.00-1.00");
  CHECK(show_limits(-0.2, -0.3, 0.1) == "-0.300 to +0.100");
  CHECK(show_gain(0.1094) == "+0.109");
  CHECK(show_gain(-0.02) == "-0.020");
  CHECK(show_count(16000) == "16,000");
  CHECK(show_count(999) == "999");
  CHECK(show_count(1234567) == "1,234,567");
}
