// The prompt in a terminal, typed into by tmux as a person would: what is then on the screen.

#include <catch2/catch.hpp>

#include "window.h"

namespace lumir {
namespace {

using tests::Scratch;
using tests::tmux_is_there;
using tests::Window;

TEST_CASE("keys of editing do at the prompt what they do in a shell") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("prin 'ab'");
  window.press("C-a");
  for (int i = 0; i < 4; ++i) window.press("Right");
  window.type("t");
  window.press("C-e");
  window.press("Enter");
  CHECK(window.shows("ab\n2> "));
  window.type("x = 11 + nonsense");
  window.press("C-w");
  window.type("31");
  window.press("Enter");
  window.type("x");
  window.press("Enter");
  CHECK(window.shows("42\n4> "));
  window.type("never typed");
  window.press("C-u");
  window.type("7 * 6 + 1 tail");
  for (int i = 0; i < 5; ++i) window.press("Left");
  window.press("C-k");
  window.press("Enter");
  CHECK(window.shows("43\n5> "));
  window.type("given up");
  window.press("C-c");
  CHECK(window.shows("5> given up^C\n5> "));
  window.press("C-d");
  CHECK(window.shows("^C\n5>\n"));
  INFO(window.seen());
}

TEST_CASE("entries come back by arrows and by search, in the next session too") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  {
    Window window(scratch);
    REQUIRE(window.shows("1> "));
    window.type("first = 'harbour'");
    window.press("Enter");
    REQUIRE(window.shows("2> "));
    window.type("for i = 1, 2 do");
    window.press("Enter");
    window.type("print(first .. i)");
    window.press("Enter");
    window.press("BSpace BSpace");
    window.type("end");
    window.press("Enter");
    REQUIRE(window.shows("harbour2\n3> "));
    window.press("Up");
    CHECK(window.shows("3> for i = 1, 2 do\n |   print(first .. i)\n | end"));
    window.press("C-c");
    window.press("C-d");
  }
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.press("C-r");
  window.type("harb");
  CHECK(window.shows("1> first = 'harbour'\nsearch backwards: harb"));
  window.press("Escape");
  window.type(" .. '!'");
  window.press("Enter");
  window.type("first");
  window.press("Enter");
  CHECK(window.shows("harbour!\n3> "));
  INFO(window.seen());
}

TEST_CASE("a pasted recipe is one entry, and what it declares stays") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.paste("local x = 5\nlocal function twice(n)\n  return 2 * n\nend\nlocal y = twice(x)\n");
  REQUIRE(window.shows("| local y = twice(x)"));
  window.press("Enter");
  REQUIRE(window.shows("2> "));
  window.type("x + y");
  window.press("Enter");
  CHECK(window.shows("15\n3> "));
  INFO(window.seen());
}

TEST_CASE("the Tab key completes, and lists what there is with its meaning") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("feature.spectral_ce");
  window.press("Tab");
  CHECK(window.shows("1> feature.spectral_centroid"));
  window.press("C-u");
  window.type("feature.mfcc { n_");
  window.press("Tab");
  CHECK(window.shows("n_mfcc = "));
  CHECK(window.shows("coefficients to keep"));
  INFO(window.seen());
}

TEST_CASE("wide characters and a narrower terminal leave the text whole") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("title = '港の歌' .. 'abcdefghijklmnopqrstuvwxyz'");
  window.resize(40);
  REQUIRE(window.shows("title = '港の歌'"));
  window.press("Enter");
  window.type("#title");
  window.press("Enter");
  CHECK(window.shows("35\n3> "));
  INFO(window.seen());
}

TEST_CASE("Ctrl-C stops what runs, and the session goes on") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("n = 1");
  window.press("Enter");
  window.type("for i = 1, 1e12 do end");
  window.press("Enter");
  using namespace std::chrono_literals;
  std::this_thread::sleep_for(1s);
  window.press("C-c");
  REQUIRE(window.shows("interrupted after"));
  window.type("n");
  window.press("Enter");
  CHECK(window.shows("1\n4> "));
  INFO(window.seen());
}

TEST_CASE("a terminal that cannot move its cursor reads plain lines") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch, "dumb");
  REQUIRE(window.shows("1> "));
  window.type("1 + 1");
  window.press("Enter");
  CHECK(window.shows("2\n2> "));
  INFO(window.seen());
}

TEST_CASE("an entry is edited in the user's own editor") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  write_file(scratch / "editor", "#!/bin/sh\nsed -i 's/wrong/6 * 7/' \"$1\"\n");
  std::filesystem::permissions(scratch / "editor", std::filesystem::perms::owner_all);
  setenv("VISUAL", (scratch / "editor").c_str(), 1);
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("wrong");
  window.press("C-x");
  REQUIRE(window.shows("1> 6 * 7"));
  window.press("Enter");
  CHECK(window.shows("42\n2> "));
  unsetenv("VISUAL");
  INFO(window.seen());
}

TEST_CASE("a long list breaks between its elements, a long table takes a line for each name") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("words = {}; for i = 1, 30 do words[i] = 'word number ' .. i end; words");
  window.press("Enter");
  CHECK(window.shows("{\n  'word number 1', 'word number 2', 'word number 3', 'word number 4',\n  'word number 5',"));
  CHECK(window.shows("'word number 12',\n  ... 18 more\n}"));
  window.type("{ name = ('x'):rep(300), rates = { 8000, 16000 }, net = nn.Sequential { nn.ReLU() } }");
  window.press("Enter");
  CHECK(window.shows("{\n  name = 'xxx"));
  CHECK(window.shows("  net = Sequential { ... },\n  rates = { 8000, 16000 }\n}"));
  INFO(window.seen());
}

TEST_CASE("an entry of several lines is changed where the cursor stands, and runs as one") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.paste("function sum()\n  local a = 1\n  return a + 1\nend");
  window.press("Up Up End BSpace");
  window.type("40");
  window.press("Down Down Enter");
  window.type("sum()");
  window.press("Enter");
  CHECK(window.shows("41\n3> "));
  window.press("Up Up");
  CHECK(window.shows("3> function sum()\n |   local a = 40\n |   return a + 1\n | end"));
  INFO(window.seen());
}

TEST_CASE("a long entry is typed line by line, indented by what is open") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  std::string keys = "'rows = {' Enter";
  for (int i = 0; i < 200; ++i) keys += " '{ " + std::to_string(i) + " },' Enter";
  window.press(keys);
  CHECK(window.shows(" |   { 199 },\n |"));
  window.press("BSpace BSpace");
  window.type("}");
  window.press("Enter");
  window.type("#rows");
  window.press("Enter");
  CHECK(window.shows("200\n3> "));
  INFO(window.seen());
}

TEST_CASE("what takes time says how much, the way to an error is shown when asked for, and exit leaves") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  Window window(scratch);
  window.resize(100);
  REQUIRE(window.shows("1> "));
  window.type("x = 0; while os.clock() < 1.5 do x = x + 1 end");
  window.press("Enter");
  CHECK(window.shows(" s\n2> "));
  window.type("function deep() error 'broken' end");
  window.press("Enter");
  window.type("y = deep() + 1");
  window.press("Enter");
  CHECK(window.shows("4> "));
  window.type("traceback()");
  window.press("Enter");
  CHECK(window.shows("in deep"));
  CHECK(window.shows("5> "));
  window.type("profile(function() for i = 1, 20 do feature.mfcc(audio.silence { seconds = 5 }) end end)");
  window.press("Enter");
  CHECK(window.shows("in the engine"));
  window.type("exit");
  window.press("Enter");
  CHECK(window.shows("6> exit\n"));
  CHECK(window.screen().find("7> ") == std::string::npos);
  INFO(window.seen());
}

TEST_CASE("Ctrl-C stops what is played, and the session goes on") {
  if (!tmux_is_there()) return;
  const Scratch scratch("terminal");
  setenv("SDL_AUDIODRIVER", "dummy", 1);
  Window window(scratch);
  REQUIRE(window.shows("1> "));
  window.type("audio.play(audio.silence { seconds = 600 })");
  window.press("Enter");
  using namespace std::chrono_literals;
  std::this_thread::sleep_for(1s);
  window.press("C-c");
  CHECK(window.shows("interrupted after"));
  CHECK(window.shows("2> "));
  unsetenv("SDL_AUDIODRIVER");
  INFO(window.seen());
}

}  // namespace
}  // namespace lumir
