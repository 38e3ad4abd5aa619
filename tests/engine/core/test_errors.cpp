// What a recipe throws, as the program ends with it.

#include <catch2/catch.hpp>

#include <string>

#include "core/file.h"
#include "program.h"

namespace {

using lumir::tests::Outcome;
using lumir::tests::Scratch;

Outcome thrown(const std::string& code) {
  const Scratch place("errors");
  lumir::write_file(place / "recipe.lua", code);
  return lumir::tests::run(place.folder(), "recipe.lua");
}

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

}  // namespace
