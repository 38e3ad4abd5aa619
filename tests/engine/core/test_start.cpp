// What the program opens before anybody needs it: nothing that takes long.

#include <catch2/catch.hpp>

#include <string>

#include "core/file.h"
#include "program.h"

namespace {

constexpr const char* kOpened = R"(
local function opened()
  local found = {}
  local text = io.open('/proc/self/maps'):read '*a'
  for _, name in ipairs { 'libtorch_cpu', 'libavcodec', 'libpango-' } do
    found[#found + 1] = text:find(name, 1, true) and name or nil
  end
  return table.concat(found, ' ')
end
)";

std::string said_by(const std::string& code) {
  const lumir::tests::Scratch place("start");
  lumir::write_file(place / "recipe.lua", kOpened + code);
  const auto outcome = lumir::tests::run(place.folder(), "recipe.lua");
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  return outcome.out;
}

}  // namespace

// sanitizers want their libraries opened before all else
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("LibTorch, FFmpeg and Pango are opened by the first call that needs them") {
  CHECK(said_by("local lumir = require 'lumir'\nprint(opened())") == "\n");
  CHECK(said_by("local lumir = require 'lumir'\nlumir.torch.zeros { 2 }\nprint(opened())") == "libtorch_cpu\n");
  // FFmpeg draws in Pango for SVG pictures
  CHECK(said_by("local lumir = require 'lumir'\npcall(lumir.audio.load, 'recipe.lua')\nprint(opened())")
            .starts_with("libavcodec"));
}
#endif

TEST_CASE("an error of a library that was opened late is an error like any other") {
  CHECK(said_by("print(pcall(function() local t = require('lumir').torch.zeros { 3, 4 } return t:mm(t) end))") ==
        "false\trecipe.lua:10: mm: mat1 and mat2 shapes cannot be multiplied (3x4 and 3x4)\n");
}
