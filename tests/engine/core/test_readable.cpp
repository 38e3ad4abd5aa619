// What stands once for all who write for people: times, the version, csv fields, progress.

#include <cstdlib>
#include <regex>

#include <catch2/catch.hpp>

#include "core/csv.h"
#include "core/file.h"
#include "core/readable.h"
#include "core/version.h"
#include "program.h"
#include "tree.h"

using namespace lumir;

namespace {

const std::string kRoot = LUMIR_ROOT;

/// What a function of scripts/common.sh says to a pipe.
std::string said(const tests::Scratch& place, const std::string& command) {
  write_file(place / "run.sh", "source '" + kRoot + "/scripts/common.sh'\n" + command + "\n");
  const std::string out = place / "said";
  REQUIRE(std::system(("bash '" + (place / "run.sh") + "' >'" + out + "'").c_str()) == 0);
  return read_file(out);
}

}  // namespace

TEST_CASE("a length of time is told in the two largest units") {
  CHECK(show_duration(23.6) == "24 s");
  CHECK(show_duration(245) == "4 min 05 s");
  CHECK(show_duration(6720) == "1 h 52 min");
  CHECK(show_duration(6749) == "1 h 52 min");
  CHECK(show_duration(6751) == "1 h 53 min");
  CHECK(show_duration(59.7) == "1 min 00 s");
}

TEST_CASE("shell scripts tell time as the engine does") {
  const tests::Scratch place("words");
  CHECK(said(place, "for s in 24 245 6720 6751; do in_words $s; done") == "24 s\n4 min 05 s\n1 h 52 min\n1 h 53 min\n");
}

TEST_CASE("a field with a comma, a quote or a line break is quoted") {
  CHECK(csv_field("plain text") == "plain text");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"so\"") == "\"say \"\"so\"\"\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("the version stands in CMakeLists.txt and nowhere else") {
  std::smatch match;
  const std::string text = read_file(kRoot + "/CMakeLists.txt");
  REQUIRE(std::regex_search(text, match, std::regex(R"(project\(lumir VERSION ([0-9.]+))")));
  CHECK(version() == match[1]);
  for (const char* file : {"/lua/lumir/init.lua", "/lua/repl/main.cpp", "/engine/report/run_record.cpp"}) {
    CHECK(read_file(kRoot + file).find(version()) == std::string::npos);
  }
  const tests::Scratch place("version");
  write_file(place / "version.lua", "print(require('lumir').version)");
  CHECK(tests::run(place.folder(), "version.lua").out.find(version()) != std::string::npos);
  CHECK(tests::run(place.folder(), "--version").out == "lumir " + version() + "\n");
}

TEST_CASE("a build that nobody watches tells now and then how far it is and how long it may take") {
  const tests::Scratch place("steps");
  const std::string ninja = "ninja() { for i in 1 2 3 4; do echo \"[$i/4] Building $i\"; done; }; ";
  CHECK(said(place, ninja + "ninja | LUMIR_SAY_EVERY=0 show_steps build") ==
        "build   1/4\nbuild   2/4\nbuild   3/4\nbuild   4/4\n");
  CHECK(said(place, ninja + "ninja | show_steps build").empty());
  CHECK(said(place, "steps_left 120 310 95") == "120/310   about 2 min 30 s left\n");
  CHECK(said(place, "steps_left 310 310 95") == "310/310\n");
  CHECK(said(place, "steps_left 0 310 95") == "0/310\n");
}
