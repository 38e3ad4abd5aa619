// What a recipe throws, as the program ends with it.

#include <catch2/catch.hpp>

#include <string>

#include "core/file.h"
#include "program.h"

namespace {

using lumir::tests::Outcome;
using lumir::tests::Scratch;

Outcome thrown(const std::string& code, const std::string& flags = "") {
  const Scratch place("errors");
  lumir::write_file(place / "recipe.lua", code);
  return lumir::tests::run(place.folder(), "recipe.lua" + flags);
}

constexpr const char* kInFunctions = R"(local lumir = require 'lumir'
local function describe(clip)
  local rows = lumir.feature.mfcc(clip, { n_mfcc = 0 })
  return rows
end
local function all(clips)
  local out = {}
  for _, clip in ipairs(clips) do out[#out + 1] = describe(clip) end
  return out
end
local function begin() local out = all { lumir.audio.sine {} } return out end
print(begin())
)";

TEST_CASE("an object that is thrown is said by its __tostring, with status 1") {
  const Outcome outcome = thrown("error(setmetatable({}, { __tostring = function() return 'no third song' end }))");
  CHECK(outcome.status == 1);
  CHECK(outcome.err == "error: no third song\n");
}

TEST_CASE("whatever else is thrown ends with status 1 and a line") {
  for (const std::string code : {"error({})", "error({ status = 'x' })", "error(function() end)",
                                 "error(setmetatable({}, { __index = function() error 'twice' end }))",
                                 "error(setmetatable({}, { __tostring = function() error 'twice' end }))"}) {
    const Outcome outcome = thrown(code);
    INFO(code);
    CHECK(outcome.status == 1);
    CHECK(outcome.err.starts_with("error: an error that is no text ("));
  }
  CHECK(thrown("error()").err == "error: an error that is no text (nil)\n");
}

TEST_CASE("an error inside a recipe's own functions shows the way to it, all of it with --traceback") {
  const std::string message = "error: recipe.lua:3: mfcc: 'n_mfcc' = 0 is out of range (1 to n_mels = 128)\n";
  const std::string first =
      "  recipe.lua:3    local rows = lumir.feature.mfcc(clip, { n_mfcc = 0 })\n"
      "  recipe.lua:8    for _, clip in ipairs(clips) do out[#out + 1] = describe(clip) end\n"
      "  recipe.lua:11   local function begin() local out = all { lumir.audio.sine {} } return out end\n";
  CHECK(thrown(kInFunctions).err == message + first + "  ... and 1 more; --traceback shows all\n");
  CHECK(thrown(kInFunctions, " --traceback").err ==
        message + "  (engine)        in mfcc\n" + first + "  recipe.lua:12   print(begin())\n");
  const Outcome endless = thrown("local function f(n) return 1 + f(n + 1) end\nf(1)");
  CHECK(endless.err.starts_with("error: recipe.lua:1: stack overflow\n  recipe.lua:1   local function f(n)"));
  CHECK(endless.err.find(" times)\n") != std::string::npos);
}

TEST_CASE("an error outside every function, and one that is raised on purpose, is one line") {
  CHECK(thrown("require('lumir').audio.load 'none.wav'").err == "error: none.wav: No such file or directory\n");
  CHECK(thrown("local function f() require('lumir').fail 'no songs' end\nf() f()").err == "error: no songs\n");
}

TEST_CASE("an error is one line, whatever the name in it holds") {
  CHECK(thrown("require('lumir').audio.load 'a\\nb.wav'").err == "error: a\\nb.wav: No such file or directory\n");
  CHECK(thrown("require('lumir').feature.mfcc { norm = 'a\\nb' }").err ==
        "error: recipe.lua:1: mfcc: 'norm' = 'a\\nb' is none of 'ortho', 'none'\n");
}

}  // namespace
