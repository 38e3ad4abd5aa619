// Two Lua states in one process are two sessions: neither sees the other's run.

#include <catch2/catch.hpp>

#include <filesystem>

#include "bind/run.h"
#include "bind/state.h"
#include "program.h"

using namespace lumir;
using namespace lumir::lua;

namespace {

namespace fs = std::filesystem;

/// Runs live below the current folder: a scratch one while it is held.
class InFolder {
 public:
  explicit InFolder(const fs::path& folder) : before_(fs::current_path()) { fs::current_path(folder); }
  ~InFolder() { fs::current_path(before_); }

 private:
  fs::path before_;
};

/// Four singers by name, two albums each; nothing in them is decoded.
void make_songs(const tests::Scratch& place) {
  for (const char* name : {"ann", "bob", "cid", "dan"}) {
    for (const char* album : {"one", "two"}) {
      const std::string song = std::string(name) + "_" + album;
      write_file(place / (std::string("music/") + name + "/" + album + "/" + song + ".wav"), song);
    }
  }
}

constexpr const char* kSplit = R"(
local lumir = require 'lumir'
local songs = lumir.data.folder('music', { layout = '{artist}/{album}/{track}', label = 'artist' })
songs:split 'last_album'
return 0
)";

Outcome split_in(lua_State* L) { return run_chunk(L, kSplit, "@split.lua", {}); }

Value record_of(const tests::Scratch& place, const std::string& folder) {
  return from_json(read_file(place / ("runs/" + folder + "/run.json")), "run.json");
}

}  // namespace

TEST_CASE("each of two sessions in one process has a run folder, and a first split, of its own") {
  const tests::Scratch place("sessions");
  make_songs(place);
  const InFolder here(place.folder());
  const auto one = open_state(), other = open_state();
  run_of(one.get()).recipe = "one.lua";
  run_of(other.get()).recipe = "other.lua";
  for (const auto* state : {&one, &other}) {
    const Outcome outcome = split_in(state->get());
    INFO(outcome.message);
    REQUIRE(outcome.status == 0);
  }
  for (const char* folder : {"one/1", "other/1"}) {
    const Value record = record_of(place, folder);
    CHECK(record["recipe"] == Value(std::string(folder).substr(0, std::string(folder).find('/')) + ".lua"));
    CHECK(record["split"].map());
    CHECK(record["inner_split"].is_nil());
    CHECK(record["data"]["count"] == Value(8));
    CHECK(fs::exists(place / (std::string("runs/") + folder + "/validation.txt")));
  }
  REQUIRE(split_in(one.get()).status == 0);
  CHECK(record_of(place, "one/1")["inner_split"].map());
  CHECK(record_of(place, "other/1")["inner_split"].is_nil());
}

TEST_CASE("a state without a recipe has no run, whatever another one is doing") {
  const tests::Scratch place("no-session");
  make_songs(place);
  const InFolder here(place.folder());
  const auto running = open_state(), idle = open_state();
  run_of(running.get()).recipe = "one.lua";
  REQUIRE(split_in(idle.get()).status == 0);
  CHECK_FALSE(fs::exists(place / "runs"));
}
