// Ctrl-C, as the program meets it: whatever Lua is at, it ends.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <string>

#include <sys/wait.h>

#include "core/file.h"
#include "program.h"

namespace {

using lumir::tests::program;
using lumir::tests::Scratch;

/// The status of a recipe that gets SIGINT after two seconds, once (in the foreground timeout sends no second one), and
/// where that does not end it, SIGKILL (137).
int interrupted(const std::string& code) {
  const Scratch place("interrupts");
  lumir::write_file(place / "recipe.lua", code);
  const std::string command = "cd '" + place.folder().string() +
                              "' && timeout --foreground --preserve-status -k 20 -s INT 2 '" + program() +
                              "' recipe.lua >/dev/null 2>said";
  const int status = std::system(command.c_str());
  CHECK(lumir::read_file(place / "said").find("stopping after this step") != std::string::npos);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_CASE("Ctrl-C ends loops of Lua, compiled or not") {
  const std::string code = GENERATE(as<std::string>{},                          //
                                    "while true do end",                        // nothing but a jump
                                    "local i = 0 while true do i = i + 1 end",  // no exit to be taken
                                    "local function f() return f() end f()",    // no loop
                                    "jit.off() while true do end",              // interpreted
                                    "local ffi = require 'ffi' local p = ffi.new('double[9]')\n"
                                    "while true do for i = 0, 8 do p[i] = p[i] * 2 end end");
  INFO(code);
  CHECK(interrupted(code) == 130);
}

TEST_CASE("Ctrl-C is not caught by pcall, coroutines and error handlers") {
  CHECK(interrupted("while true do pcall(function() while true do local x = {} end end) end") == 130);
  CHECK(interrupted("while true do coroutine.wrap(function() while true do end end)() end") == 130);
  CHECK(interrupted("while true do xpcall(function() while true do end end, function(text) return text end) end") ==
        130);
}

TEST_CASE("Ctrl-C ends loops over the engine") {
  CHECK(interrupted("local torch = require('lumir').torch\nlocal x = torch.ones(9) while true do x = x:add(0) end") ==
        130);
  CHECK(interrupted("local lumir = require 'lumir'\n"
                    "lumir.learn.TSNE():fit_transform(lumir.torch.randn(20000, 50))") == 130);
  // frames that take long by themselves
  CHECK(interrupted("local lumir = require 'lumir'\n"
                    "local clip = lumir.audio.sine { seconds = 1, rate = 8000 }\n"
                    "lumir.feature.cqt(clip, { n_bins = 1, hop_length = 1, filter_scale = 128 })") == 130);
  CHECK(interrupted("local lumir = require 'lumir'\n"
                    "local clip = lumir.audio.sine { seconds = 5, rate = 8000 }\n"
                    "lumir.feature.spectral_centroid(clip, { n_fft = 65536, hop_length = 1 })") == 130);
}

}  // namespace
