// What was typed before is there again.

#include <catch2/catch.hpp>

#include "program.h"
#include "repl/history.h"

namespace lumir::lua {
namespace {

TEST_CASE("entries of several lines come back whole in the next session") {
  const tests::Scratch scratch("history");
  const std::string path = scratch / "state/history";
  {
    History history(path);
    history.add("x = 1");
    history.add("for i = 1, 2 do\n  print('a\\n')\nend");
    history.add("for i = 1, 2 do\n  print('a\\n')\nend");
    history.add("");
  }
  const History again(path);
  REQUIRE(again.size() == 2);
  CHECK(again.at(1) == "for i = 1, 2 do\n  print('a\\n')\nend");
}

TEST_CASE("two sessions at once lose nothing") {
  const tests::Scratch scratch("histories");
  History one(scratch / "history"), other(scratch / "history");
  one.add("a");
  other.add("b");
  one.add("c");
  CHECK(History(scratch / "history").size() == 3);
}

TEST_CASE("entries are found by their beginning and by what they hold") {
  History history("");
  for (const char* entry : {"clip = 1", "x = 2", "clip:part(1)", "y = clip"}) history.add(entry);
  CHECK(history.beginning_with("clip", 4) == 2);
  CHECK(history.beginning_with("clip", 2) == 0);
  CHECK_FALSE(history.beginning_with("clip", 0));
  CHECK(history.next_beginning_with("clip", 0) == 2);
  CHECK(history.holding("clip", 4) == 3);
  CHECK_FALSE(history.holding("nothing", 4));
}

TEST_CASE("a history that cannot be kept is kept in memory") {
  History history("/proc/nowhere/history");
  history.add("x");
  CHECK(history.size() == 1);
}

}  // namespace
}  // namespace lumir::lua
