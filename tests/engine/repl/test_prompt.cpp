// The prompt behind a pipe: entries in, results out.

#include <catch2/catch.hpp>

#include "program.h"

namespace lumir {
namespace {

using tests::Outcome;
using tests::Scratch;

/// Runs the prompt on lines of standard input, in a folder.
Outcome prompt(const Scratch& scratch, const std::string& input, const std::string& arguments = "") {
  write_file(scratch / "input", input);
  return tests::run(scratch.folder(), arguments, scratch / "input");
}

TEST_CASE("expressions print, statements work, and what is declared stays") {
  const Scratch scratch("prompt");
  const Outcome got =
      prompt(scratch, "1 + 1\n=2 * 3\nlocal x = 5\nx\nlocal function f(y)\n  return y * x\nend\nf(2)\n7;\n_\n");
  CHECK(got.out == "2\n6\n5\n10\n7\n");
  CHECK(got.status == 0);
}

TEST_CASE("an expression behind statements prints, too") {
  const Scratch scratch("prompt");
  CHECK(prompt(scratch, "v = 5; v\nw = 1; w + v;\nlocal u = 2; u\n").out == "5\n2\n");
}

TEST_CASE("the last result is _, and that of entry 2 is _2") {
  const Scratch scratch("prompt");
  CHECK(prompt(scratch, "'a'\n'b'\nx = 1\n_ .. _1 .. _2\n").out == "a\nb\nbab\n");
}

TEST_CASE("a pipe ends at the first error with status 1, the line shown with a mark") {
  const Scratch scratch("prompt");
  const Outcome got = prompt(scratch, "x = feature.mfcc { n_mfc = 13 }\nprint 'not reached'\n");
  CHECK(got.status == 1);
  CHECK(got.err ==
        "error: mfcc: unknown option 'n_mfc' (did you mean 'n_mfcc'?)\n"
        "  1 | x = feature.mfcc { n_mfc = 13 }\n"
        "                         ^^^^^\n");
}

TEST_CASE("an error within an entry of several lines names its line") {
  const Scratch scratch("prompt");
  const Outcome got = prompt(scratch, "function f()\n  local deep = 3\n  return nothing.x\nend\nf()\n");
  CHECK(got.err.find("'nothing' is not defined") != std::string::npos);
  const Outcome frames = prompt(scratch, "pcall(error, 'x')\ndebug()\n");
  CHECK(frames.out.find("there was no error") != std::string::npos);
}

TEST_CASE("unfinished blocks and texts go on in the next line") {
  const Scratch scratch("prompt");
  CHECK(prompt(scratch, "for i = 1, 2 do\nprint(i)\nend\ns = [[a\nb]]\n#s\n").out == "1\n2\n3\n");
  CHECK(prompt(scratch, "for i = 1, 2 do\n").status == 1);
}

TEST_CASE("a statement of many lines is one entry, and what is broken in it is said before the input ends") {
  const Scratch scratch("prompt");
  std::string list = "rows = {\n";
  for (int i = 0; i < 3000; ++i) list += "  { " + std::to_string(i) + ", 'a { word', [[\nlong ]] },  -- {\n";
  CHECK(prompt(scratch, list + "}\n#rows\n#rows[3000]\n").out == "3000\n3\n");
  const Outcome broken = prompt(scratch, "rows = {\n" + std::string(3000, '\n') + "1 1\n" + std::string(3000, '\n'));
  CHECK(broken.status == 1);
  CHECK(broken.err.find("'}' expected") != std::string::npos);
}

TEST_CASE("an interrupt within a statement of a pipe ends the program, so that its rest is not run as code") {
  const Scratch scratch("prompt");
  write_file(scratch / "run.sh",
             "trap '' PIPE\nmkfifo pipe\n\"$1\" <pipe >said 2>&1 &\nprogram=$!\nexec 3>pipe\n"
             "printf 'print(1)\\nx = [[\\n' >&3\nwhile ! grep -q 1 said; do sleep 0.05; done\nsleep 0.2\n"
             "kill -INT $program\nsleep 0.2\nprintf 'print(2)\\n]]\\n' >&3\nexec 3>&-\nwait $program\necho $?\n");
  const std::string command =
      "cd '" + scratch.folder().string() + "' && bash -m run.sh '" + tests::program() + "' >status 2>/dev/null";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(read_file(scratch / "status").ends_with("130\n"));
  CHECK(read_file(scratch / "said").find('2') == std::string::npos);
}

TEST_CASE("an example is printed and run, those of a module are listed") {
  const Scratch scratch("prompt");
  const Outcome one = prompt(scratch, "examples 'mfcc'\n");
  CHECK(one.out.starts_with("> feature.mfcc(clip, { n_mfcc = 13 })\nTensor [13, 87]"));
  CHECK(prompt(scratch, "examples(feature.rms)\n").out.find("Tensor [1, 87]") != std::string::npos);
  CHECK(prompt(scratch, "examples 'metric'\n").out.find("metric.accuracy") != std::string::npos);
  CHECK(prompt(scratch, "examples 'zzz'\n").err.find("nothing is called 'zzz'") != std::string::npos);
}

TEST_CASE("nothing prints an address") {
  const Scratch scratch("prompt");
  const Outcome got =
      prompt(scratch, "print\nfunction g() end\ng\nfeature.mfcc\n{ g }\ncoroutine.create(g)\ndebug\nlearn\nnn.init\n");
  CHECK(got.out.find("0x") == std::string::npos);
  const Outcome text = prompt(scratch,
                              "tostring { 1, 'a' }\n('%s of %d'):format({ n = 2 }, 3)\nfunction h() end\n"
                              "tostring(h) .. ' ' .. tostring(coroutine.create(h))\n('%s'):format(print)\n");
  CHECK(text.out == "{ 1, 'a' }\n{ n = 2 } of 3\nfunction at [3]:1 thread\nfunction of Lua's own\n");
  CHECK(got.out.find("module nn.init: 12 names; help 'nn.init' lists them") != std::string::npos);
  CHECK(got.out.find("function mfcc") != std::string::npos);
}

TEST_CASE("where there is no sound device, playing says so in one line") {
  const Scratch scratch("prompt");
  setenv("SDL_AUDIODRIVER", "alsa", 1);
  setenv("AUDIODEV", "no_device_of_that_name", 1);
  const Outcome got = prompt(scratch, "audio.play(audio.sine { seconds = 0.1 })\n");
  unsetenv("SDL_AUDIODRIVER");
  unsetenv("AUDIODEV");
  CHECK(got.err.starts_with("error: play: no sound device ("));
  CHECK(got.err.find('\n') == got.err.size() - 1);
}

TEST_CASE("questions are answered by name and by value") {
  const Scratch scratch("prompt");
  const std::string clip = "clip = audio.sine { frequency = 440, seconds = 0.1 }\n";
  CHECK(prompt(scratch, "? mfcc\n").out.starts_with("feature.mfcc("));
  CHECK(prompt(scratch, "feature.mfcc?\n").out.starts_with("feature.mfcc("));
  CHECK(prompt(scratch, "help(feature.mfcc)\n").out.starts_with("feature.mfcc("));
  CHECK(prompt(scratch, clip + "? clip\n").out.starts_with("Clip\n"));
  CHECK(prompt(scratch, clip + "clip.part?\n").out.starts_with("clip:part("));
  CHECK(prompt(scratch, "?? mfcc\n").out.starts_with("engine/feature/mfcc.cpp:"));
  CHECK(prompt(scratch, "help 'zzzzzz'\n").status == 1);
  const std::string all = prompt(scratch, "help()\n").out;
  CHECK(all.size() > 500);
  CHECK(prompt(scratch, "help\n").out == all);
  CHECK(prompt(scratch, "a = 3\nwho\n").out == prompt(scratch, "a = 3\nwho()\n").out);
  CHECK(prompt(scratch, "who = 3\nwho\n").out == "3\n");
  CHECK(prompt(scratch, "help 'np.mean'\n").out.starts_with("np.mean is torch.mean here"));
  CHECK(prompt(scratch, "help 'plt.imshow'\n").out.starts_with("plt.imshow is report.matrix here"));
  CHECK(prompt(scratch, "help 'GridSearchCV'\n").out.starts_with("GridSearchCV is learn.GridSearch here"));
  CHECK(prompt(scratch, "help 'librosa.feature.mfcc'\n").out.starts_with("librosa.feature.mfcc is feature.mfcc"));
  CHECK(prompt(scratch, "help 'sklearn.model_selection.GridSearchCV'\n").out.find(" is learn.GridSearch here") !=
        std::string::npos);
  CHECK(prompt(scratch, "help 'torch.optim.lr_scheduler.StepLR'\n").out.find(" is optim.StepLR here") !=
        std::string::npos);
  CHECK(prompt(scratch, "help 'torch.nn.Linear'\n").out.find("is nn.Linear here") != std::string::npos);
  CHECK(prompt(scratch, "help 'mine.feature.mfcc'\n").status == 1);
  CHECK(prompt(scratch, "help 'brightness'\n").out.find("speak of it") != std::string::npos);
}

TEST_CASE("help on the command line explains commands, and what is called like them") {
  const Scratch scratch("prompt");
  const Outcome only = tests::run(scratch.folder(), "help new");
  CHECK(only.out.starts_with("lumir new\n  Begins a file: lumir new recipe|feature|layer|learner|metric NAME"));
  CHECK(only.status == 0);
  const Outcome both = tests::run(scratch.folder(), "help predict");
  CHECK(both.out.find("Classifies a folder with a model file") != std::string::npos);
  CHECK(both.out.find("model:predict(data, options)") != std::string::npos);
  CHECK(tests::run(scratch.folder(), "help nothing_of_that_name").status == 1);
}

TEST_CASE("commands of the shell, variables and times") {
  const Scratch scratch("prompt");
  CHECK(prompt(scratch, "!echo sound\n").out == "sound\n");
  const Outcome got = prompt(scratch, "local rows = torch.ones(2, 3)\nn = 5\nwho()\n");
  CHECK(got.out.find("rows          Tensor") != std::string::npos);
  CHECK(got.out.find("n             number      5") != std::string::npos);
  CHECK(prompt(scratch, "timeit 'torch.ones(3)'\n").out.find("per call") != std::string::npos);
}

TEST_CASE("a recipe leaves its variables, and its run folder is finished") {
  const Scratch scratch("prompt");
  write_file(scratch / "small.lua",
             "local lumir = require 'lumir'\nlocal options = lumir.options { gain = 2 }\n"
             "local doubled = options.gain * 2\nprint(lumir.report.folder())\n");
  const Outcome got = prompt(scratch, "run('small.lua', '--gain=5')\ndoubled\n");
  CHECK(got.out.find("10\n") != std::string::npos);
  const Outcome after = tests::run(scratch.folder(), "-i small.lua --gain=3");
  CHECK(after.status == 0);
}

TEST_CASE("a recipe finds the modules beside it from wherever it is run") {
  const Scratch scratch("prompt"), elsewhere("elsewhere");
  write_file(scratch / "here/mine.lua", "return { n = 7 }\n");
  write_file(scratch / "here/deep/init.lua", "return { n = 8 }\n");
  write_file(scratch / "here/uses.lua", "local sum = require('mine').n + require('deep').n\nprint(sum)\n");
  CHECK(tests::run(scratch.folder(), "here/uses.lua").out == "15\n");
  CHECK(tests::run(elsewhere.folder(), "'" + (scratch / "here/uses.lua") + "'").out == "15\n");
  CHECK(tests::run(scratch / "here", "uses.lua").out == "15\n");
  CHECK(prompt(scratch, "run 'here/uses.lua'\nsum\n").out == "15\n15\n");
}

TEST_CASE("modules beside the recipe are loaded anew without losing who holds them") {
  const Scratch scratch("prompt");
  write_file(scratch / "mine.lua", "return { n = function() return 1 end }\n");
  const Outcome got =
      prompt(scratch,
             "m = require 'mine'\nm.n()\n"
             "f = io.open('mine.lua', 'w')\nf:write('return { n = function() return 2 end }');\nf:close();\n"
             "reload()\nm.n()\n");
  CHECK(got.out == "1\nreloaded mine\n2\n");
}

TEST_CASE("a session is saved as a recipe that runs") {
  const Scratch scratch("prompt");
  const Outcome got = prompt(scratch,
                             "local x = torch.ones(2)\ny = x:sum():item()\nfor i = 1, 2 do z = i end\ny + z\n"
                             "? mfcc\nwho()\ntimeit 'x:sum()'\nsave_session 'session.lua'\n");
  CHECK(got.out.find("4 entries in session.lua") != std::string::npos);
  const std::string recipe = read_file(scratch / "session.lua");
  INFO(recipe);
  CHECK(recipe.starts_with("local lumir = require 'lumir'\nlocal torch = lumir.torch\nlocal z\n"));
  CHECK(tests::run(scratch.folder(), "session.lua").out == "4\n");
}

TEST_CASE("code on the command line and from standard input") {
  const Scratch scratch("prompt");
  CHECK(tests::run(scratch.folder(), "-e '1 + 1'").out == "2\n");
  CHECK(tests::run(scratch.folder(), "-e 'x.y = 1'").status == 1);
  CHECK(tests::run(scratch.folder(), "-e").status == 2);
  write_file(scratch / "code", "local x = 3\nprint(x, ...)\n");
  CHECK(tests::run(scratch.folder(), "- a", scratch / "code").out == "3\ta\n");
}

TEST_CASE("the user's start file is run first") {
  const Scratch scratch("prompt");
  write_file(scratch / "start.lua", "local mine = 42\n");
  setenv("LUMIR_START", (scratch / "start.lua").c_str(), 1);
  CHECK(prompt(scratch, "mine\n").out == "42\n");
  write_file(scratch / "start.lua", "nothing.x = 1\n");
  const Outcome broken = prompt(scratch, "1 + 1\n");
  CHECK(broken.out == "2\n");
  CHECK(broken.err.find("start.lua:1: 'nothing' is not defined") != std::string::npos);
  unsetenv("LUMIR_START");
}

}  // namespace
}  // namespace lumir
