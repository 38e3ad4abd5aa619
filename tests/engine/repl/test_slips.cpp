// The slips of those who come from Python, typed at the prompt: what the screen answers to each.

#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "window.h"

namespace lumir {
namespace {

using tests::Scratch;

/// What is typed, and what must then be on the screen.
using Slip = std::pair<std::string, std::string>;

const std::vector<Slip> kSlips = {
    {"audio.load('a.wav', { sr = 16000 })", "unknown option 'sr' (did you mean 'rate'?)"},
    {"clip.sr", "Clip: has no 'sr' (did you mean 'rate'?)"},
    {"clip.duration", "Clip: has no 'duration' (did you mean 'seconds'?)"},
    {"feature.mfcc(clip, n_mfcc=13)", "(options go in a table: f(x, { name = value }))"},
    {"feature:mfcc(clip)", "a module's functions take a dot, not a colon: feature.mfcc(...)"},
    {"y = None", "'None' is not defined (in Lua it is nil)"},
    {"if x != 3 then x = 1 end", "(Lua writes ~= for !=)"},
    {"x += 1", "(Lua has no +=; write x = x + 1)"},
    {"y = [1, 2]", "(lists stand in braces: { 1, 2 })"},
    {"y = {1 2}", "(commas stand between the elements of a table: { 1, 2 })"},
    {"songs:split 'last_albun'", "no split is called 'last_albun'; there are given,"},
    {"feature.mfcc { n_mfc = 13 }", "unknown option 'n_mfc' (did you mean 'n_mfcc'?)"},
    {"nn.fit(net, rows, { foo = 1 })", "unknown option 'foo'; help 'fit' lists its"},
    {"clip.part(0, 1)", "part: argument 1 must be Clip, got 0; methods take a colon: clip:part(...)"},
    {"clip:prat(0, 1)", "Clip: has no 'prat' (did you mean 'part'?)"},
    {"feature.mfc(clip)", "there is no such name (did you mean 'mfcc'?)"},
    {"x = 3 if x else 4", "(Lua writes c and a or b for: a if c else b)"},
    {"import torch", "(modules are fields of lumir"},
    {"def f(x): return x", "(Lua writes: function f(x) return x end)"},
    {"x = x && y", "(Lua writes and, or, not)"},
    {"x = rows[1, 2]", "(parts of a tensor are text: x['1, 2'], x['2:5, :'])"},
    {"%timeit x", "(what begins with % in IPython is a function here: timeit 'f(x)', run 'recipe.lua')"},
    {"x++", "(Lua has no ++; write x = x + 1)"},
    {"torch.zeros((2, 3))", "(Lua has no tuples: (2, 3) is { 2, 3 })"},
    {"torch.save(net:state_dict(), 'x.pth')", "PyTorch's .pth is read here, not written"},
    {"model(rows)", "model:predict(rows) and model:scores(rows) judge rows"},
};

TEST_CASE("slips of Python users are answered at the prompt with the way") {
  if (!tests::tmux_is_there()) return;
  const Scratch scratch("slips");
  tests::Window window(scratch);
  window.resize(150);
  REQUIRE(window.shows("1> "));
  window.type("clip = audio.sine { frequency = 440, seconds = 1, rate = 8000 }; x = 3; net = nn.Linear(2, 2);");
  window.press("Enter");
  window.type(
      "rows = data.table { x = { { 1, 2 }, { 3, 4 } }, y = { 'a', 'b' } }; model = learn.GaussianNB():fit(rows);");
  window.press("Enter");
  for (const char* album : {"a/first/1", "a/second/1", "b/first/1", "b/second/1"}) {
    window.type("clip:write('corpus/" + std::string(album) + ".wav');");
    window.press("Enter");
  }
  window.type("songs = data.artist20 'corpus';");
  window.press("Enter");
  REQUIRE(window.shows("8> "));
  for (const auto& [typed, answer] : kSlips) {
    window.press("C-l");
    window.type(typed);
    window.press("Enter");
    INFO(typed);
    CHECK(window.shows(answer));
    INFO(window.seen());
  }
}

TEST_CASE("after an error, debug() shows the calls with their locals, and debug(2) one of them whole") {
  if (!tests::tmux_is_there()) return;
  const Scratch scratch("slips");
  tests::Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("function inner(x) local deep = x * 2; error 'broken' end");
  window.press("Enter");
  window.type("function outer() local rows = torch.ones(3, 3); inner(4) end");
  window.press("Enter");
  window.type("outer()");
  window.press("Enter");
  REQUIRE(window.shows(": broken"));
  window.press("C-l");
  window.type("debug()");
  window.press("Enter");
  CHECK(window.shows("deep = 8"));
  CHECK(window.shows("rows = Tensor [3, 3]"));
  window.press("C-l");
  window.type("debug(2)");
  window.press("Enter");
  CHECK(window.shows("rows = Tensor [3, 3]"));
  CHECK(window.shows("1  1  1"));
  CHECK(window.seen().find("deep") == std::string::npos);
  window.press("C-l");
  window.type("debug(9)");
  window.press("Enter");
  CHECK(window.shows("'number' = 9 is out of range (1 to"));
}

}  // namespace
}  // namespace lumir
