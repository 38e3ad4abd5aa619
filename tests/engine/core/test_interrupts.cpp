// Ctrl-C, as the program meets it: whatever Lua is at, it ends.

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "program.h"
#include "sanitized.h"

namespace {

using lumir::tests::program;
using lumir::tests::Scratch;
using lumir::tests::signals_wait;
using namespace std::chrono_literals;

/// The program at work on a recipe, its stderr in `said`.
pid_t start(const Scratch& place) {
  const std::string said = place / "said", lumir = program();
  const pid_t child = fork();
  if (child != 0) return child;
  const int file = open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), nowhere = open("/dev/null", O_RDWR);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  dup2(file, STDERR_FILENO);
  if (chdir(place.folder().c_str()) == 0) execl(lumir.c_str(), "lumir", "recipe.lua", nullptr);
  _exit(127);
}

/// Looks every 50 ms, for a minute at most (a busy machine, a sanitizer), whether something has come.
bool comes(const std::function<bool()>& test) {
  for (int i = 0; i < 1200; ++i) {
    if (test()) return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

/// The status of a recipe that gets SIGINT half a second after it begins, and where that does not end it, SIGKILL (137).
int interrupted(const std::string& code) {
  const Scratch place("interrupts");
  lumir::write_file(place / "recipe.lua", "io.stderr:write 'at work'\n" + code);
  lumir::write_file(place / "said", "");
  const auto says = [&](const char* text) { return lumir::read_file(place / "said").find(text) != std::string::npos; };
  const pid_t child = start(place);
  CHECK(comes([&] { return says("at work"); }));
  std::this_thread::sleep_for(500ms);
  kill(child, SIGINT);
  int status = 0;
  if (!comes([&] { return waitpid(child, &status, WNOHANG) == child; })) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  CHECK(says("stopping after this step"));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_CASE("Ctrl-C ends loops of Lua, compiled or not") {
  if (signals_wait()) return;
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
  if (signals_wait()) return;
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
