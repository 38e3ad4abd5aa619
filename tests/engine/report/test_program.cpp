// The program as its users meet it: options from files, slips, outputs, and a terminal that is narrow.

#include <catch2/catch.hpp>

#include <algorithm>

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "audio/write.h"
#include "core/text.h"
#include "core/value.h"
#include "program.h"

using namespace lumir;
using tests::run;
using tests::Scratch;

namespace {

constexpr const char* kOptions = R"(
local lumir = require 'lumir'
local opt = lumir.options { root = lumir.data.sample 'artist20', x = 0.5, words = { 'a', 'b' }, nums = { 1, 2 } }
print(('%.17g'):format(opt.x), #opt.nums, table.concat(opt.words, '|'), opt.root)
lumir.report.folder()
)";

Value options_of(const Scratch& place, const std::string& number) {
  return from_json(read_file(place / ("runs/r/" + number + "/run.json")), "run.json")["options"];
}

/// The words of `lumir s.lua`, for a source of a few lines.
std::string said_of(const Scratch& place, const std::string& source) {
  write_file(place / "s.lua", source);
  const auto outcome = run(place.folder(), "s.lua");
  CHECK(outcome.status == 1);
  return outcome.err;
}

/// What the program shows on a terminal of so many columns.
std::string on_terminal(const Scratch& place, unsigned short columns, std::vector<std::string> arguments) {
  winsize size{24, columns, 0, 0};
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  REQUIRE(child >= 0);
  if (child == 0) {
    setenv("LUMIR_CACHE", (place / ".cache").c_str(), 1);
    arguments.insert(arguments.begin(), "lumir");
    std::vector<char*> given;
    for (auto& argument : arguments) given.push_back(argument.data());
    given.push_back(nullptr);
    if (chdir(place.folder().c_str()) == 0) execv(tests::program().c_str(), given.data());
    _exit(127);
  }
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(terminal, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
  int status = 0;
  waitpid(child, &status, 0);
  close(terminal);
  INFO(text);
  CHECK(WEXITSTATUS(status) == 0);
  return text;
}

/// The widest line of a text, in columns; what empties a line takes none.
size_t widest(std::string text) {
  const std::string emptied = "\033[K";
  for (size_t at = 0; (at = text.find(emptied, at)) != std::string::npos;) text.erase(at, emptied.size());
  size_t most = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    most = std::max(most, text_width(text.substr(at, end - at)));
    at = end + 1;
  }
  return most;
}

}  // namespace

TEST_CASE("a run's own run.json gives its recipe the same options, digit by digit") {
  const Scratch place("config");
  write_file(place / "r.lua", kOptions);
  write_file(place / "c.json", R"({"words": ["a,b", "c"], "x": 0.3333333333333333, "nums": []})");
  const auto first = run(place.folder(), "r.lua --config=c.json");
  CHECK(first.err == "");
  CHECK(first.out == "0.33333333333333331\t0\ta,b|c\tdata.sample 'artist20'\n");
  const auto again = run(place.folder(), "r.lua --config=runs/r/1/run.json");
  CHECK(again.err == "");
  CHECK(again.out == first.out);
  CHECK(options_of(place, "1") == options_of(place, "2"));
}

TEST_CASE("a file of options may begin with a mark of its encoding; what is wrong in it is one line of ours") {
  const Scratch place("config-errors");
  write_file(place / "r.lua", kOptions);
  const auto config = [&](const std::string& text) {
    write_file(place / "c", text);
    return run(place.folder(), "r.lua --config=c");
  };
  CHECK(config("\xEF\xBB\xBFx = 3\n").out.starts_with("3\t"));
  CHECK(config("\xEF\xBB\xBF{\"x\": 3}").out.starts_with("3\t"));
  CHECK(config("{\"x\": 2,\n \"y\" 3}").err == "error: c: not JSON (line 2, column 6: '3' cannot stand there)\n");
  CHECK(config("{\"x\": ").err == "error: c: not JSON (line 1, column 7: the text ends too early)\n");
  CHECK(config(std::string(20000, '[')).err == "error: c: nested deeper than 200 levels (line 1, column 201)\n");
  CHECK(config("[1]").err == "error: c: a list; options have names: { \"name\": value }\n");
  CHECK(config("{\"x\": [1]}").err == "error: c: x must be a number, got { 1 }\n");
  CHECK(config("{\"word\": 1}").err ==
        "error: c: word is no option of r.lua (did you mean --words?); its options are root, x, words, nums, help, "
        "config, resume, traceback, student\n");
}

TEST_CASE("a name for files stays inside the run, and a failed start leaves no folder") {
  const Scratch place("start");
  write_file(place / "r.lua", kOptions);
  const auto outside = run(place.folder(), "r.lua --student=../../x");
  CHECK(outside.status == 2);
  CHECK(outside.err.starts_with("error: --student=../../x: the number names files inside the run"));
  write_file(place / "f.lua", "require('lumir').options { x = 1 }\nerror 'no'");
  CHECK(run(place.folder(), "f.lua").status == 1);
  CHECK_FALSE(std::filesystem::exists(place / "runs"));
}

TEST_CASE("slips of those who come from Python are answered with Lua's words") {
  const Scratch place("slips");
  CHECK(said_of(place, "local a = f(x, n_mfcc=13)") ==
        "error: s.lua:1: ')' expected near '=' (options go in a table: f(x, { name = value }))\n");
  CHECK(said_of(place, "if a != b then end").find("(Lua writes ~= for !=)") != std::string::npos);
  CHECK(said_of(place, "local x = 1\nx += 1").find("(Lua has no +=; write x = x + 1)") != std::string::npos);
  CHECK(said_of(place, "local l = [1, 2]").find("(lists stand in braces: { 1, 2 })") != std::string::npos);
  CHECK(said_of(place, "local l = {1 2}").find("(commas stand between") != std::string::npos);
  CHECK(said_of(place, "print(None)") == "error: s.lua:1: 'None' is not defined (in Lua it is nil)\n");
  CHECK(said_of(place, "print(lumir)") ==
        "error: s.lua:1: 'lumir' is not defined (write: local lumir = require 'lumir')\n");
  const std::string begin = "local l = require 'lumir'; local clip = l.audio.sine {}; ";
  const std::string has = "; it has channel, channels, length, part, rate, samples, seconds, write\n";
  CHECK(said_of(place, begin + "print(clip.sr)") == "error: s.lua:1: Clip: has no 'sr' (did you mean 'rate'?)" + has);
  CHECK(said_of(place, begin + "print(clip.duration)") ==
        "error: s.lua:1: Clip: has no 'duration' (did you mean 'seconds'?)" + has);
  CHECK(said_of(place, begin + "l.feature:mfcc(clip)") ==
        "error: s.lua:1: mfcc: a module's functions take a dot, not a colon: feature.mfcc(...)\n");
  CHECK(said_of(place, begin + "l.feature.mfcc(clip, { sr = 1 })") ==
        "error: s.lua:1: mfcc: unknown option 'sr' (a clip carries its rate, so there is no sr)\n");
  CHECK(said_of(place, "require('lumir').learn.RobustScaler { x = 3 }")
            .ends_with("its options are with_centering, with_scaling, quantile_range, unit_variance\n"));
  CHECK(said_of(place, "require('lumir').options { [1] = 7 }") ==
        "error: s.lua:1: options: each needs a name (rate = 16000), got [1] = 7\n");
}

TEST_CASE("slips that Lua meets at work are answered with hints") {
  const Scratch place("at_work");
  const std::string begin = "local l = require 'lumir'; local net = l.nn.Linear(1, 1); local x = l.torch.ones(1); ";
  CHECK(said_of(place, begin + "for p in net:parameters() do end") ==
        "error: s.lua:1: attempt to call a table value "
        "(a list is gone through by ipairs: for i, value in ipairs(list) do)\n");
  CHECK(said_of(place, begin + "for n, p in pairs(net:named_parameters()) do end") ==
        "error: s.lua:1: bad argument #1 to 'pairs' (table expected, got function) (what gives one value after another "
        "stands behind `in` by itself: for name, value in net:named_parameters() do)\n");
  CHECK(said_of(place, begin + "print(('%.3f'):format(x))")
            .ends_with("(x:item() gives the number of a tensor of one element)\n"));
  CHECK(said_of(place, begin + "local t = {}; print(t.loss + 1)")
            .ends_with("(what was never assigned is nil, and so is what a misspelt name stands for)\n"));
  CHECK(said_of(place, begin + "local t = {}; t.go()")
            .ends_with("(there is no function of that name: is it misspelt?)\n"));
  const std::string order =
      " (tensors are compared element by element: x:gt(0), x:lt(y), x:eq(y); x:item() gives the number of one "
      "element)\n";
  CHECK(said_of(place, begin + "if x > 0 then end") ==
        "error: s.lua:1: attempt to compare number with userdata" + order);
  CHECK(said_of(place, begin + "if x <= 0 then end").ends_with(order));
  CHECK(said_of(place, "error('attempted', 0)") == "error: attempted\n");
}

TEST_CASE("print shows what is in a table") {
  const Scratch place("print");
  const auto printed = [&](const std::string& source) {
    write_file(place / "s.lua", source);
    return run(place.folder(), "s.lua").out;
  };
  CHECK(printed("print({ 'odd', 2, true }, {}, { b = 1, a = { 'x' } })") ==
        "{ 'odd', 2, true }\t{}\t{ a = { 'x' }, b = 1 }\n");
  CHECK(printed("local t = {}; for i = 1, 15 do t[i] = i end; print(t)") ==
        "{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ... 3 more }\n");
  CHECK(printed("local t = {}; t.t = t; print(t)") == "{ t = { t = { t = { t = { ... } } } } }\n");
  CHECK(printed("print({ ['0.weight'] = 1, w_1 = 2 })") == "{ ['0.weight'] = 1, w_1 = 2 }\n");
  CHECK(printed("print({ [true] = 1 }, { 'a', [0.5] = 2 })") == "{ ... 1 more }\t{ 'a', ... 1 more }\n");
  CHECK(printed("print({ require('lumir').torch.ones(2, 3) })") == "{ Tensor [2, 3] float32 cpu · 1 to 1 · mean 1 }\n");
  CHECK(printed("print(setmetatable({}, { __tostring = function() return 'own' end }))") == "own\n");
  CHECK(printed("print(print == tostring, nil)") == "false\tnil\n");
}

TEST_CASE("an option that is written as a whole number takes no fraction") {
  const Scratch place("whole");
  write_file(place / "r.lua",
             "local lumir = require 'lumir'\n"
             "local opt = lumir.options { epochs = 100, seconds = 150.0, shift = -3, list = { 1, 2 } }\n"
             "print(opt.epochs, opt.seconds, opt.list[1])");
  const auto out = [&](const std::string& how) { return run(place.folder(), "r.lua " + how); };
  CHECK(out("--epochs=7 --seconds=7.5 --list=0.5").out == "7\t7.5\t0.5\n");
  CHECK(out("--epochs=2.5").err ==
        "error: --epochs must be a whole number, got 2.5 (its default is 100; 100.0 would take fractions)\n");
  CHECK(out("--shift=-1.5").status == 2);
  CHECK(out("--epochs=inf").status == 2);
  CHECK(out("--seconds=nan").err == "error: --seconds must be a number, got 'nan'\n");
  write_file(place / "c", R"({"epochs": 2.5})");
  CHECK(out("--config=c").err ==
        "error: c: epochs must be a whole number, got 2.5 (its default is 100; 100.0 would take fractions)\n");
}

TEST_CASE("help explains one name, and what cannot be printed is an error") {
  const Scratch place("help");
  CHECK(run(place.folder(), "help mfcc").out.starts_with("feature.mfcc(clip, options) -> "));
  CHECK(run(place.folder(), "help mfc").err == "error: help: nothing is called 'mfc' (did you mean 'mfcc'?)\n");
  const std::string command = "cd '" + place.folder().string() + "' && '" + tests::program() + "' --help";
  CHECK(WEXITSTATUS(std::system((command + " >/dev/full 2>err").c_str())) == 1);
  CHECK(read_file(place / "err") == "error: standard output: No space left on device\n");
}

TEST_CASE("no locale of a recipe reaches numbers") {
  const Scratch place("world");
  write_file(place / "s.lua", "print(os.setlocale 'de_DE.UTF-8', os.setlocale())");
  CHECK(run(place.folder(), "s.lua").out == "nil\tC\n");
}

TEST_CASE("a slip in the environment is told at the start, whatever the recipe asks for") {
  const Scratch place("environment");
  write_file(place / "t.lua", "print 'ran'");
  const std::pair<const char*, const char*> slips[] = {
      {"LUMIR_THREADS=99999999999", "LUMIR_THREADS = '99999999999' is no number of threads (1 to 1024)"},
      {"LUMIR_THREADS=abc", "LUMIR_THREADS = 'abc' is no number of threads (1 to 1024)"},
      {"LUMIR_FUSED=banana", "LUMIR_FUSED = 'banana' is neither 'on' nor 'off'"}};
  for (const auto& [setting, line] : slips) {
    const std::string command =
        "cd '" + place.folder().string() + "' && " + setting + " '" + tests::program() + "' t.lua >out 2>err";
    CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
    CHECK(read_file(place / "out").empty());
    CHECK(read_file(place / "err") == std::string("error: ") + line + "\n");
  }
}

TEST_CASE("a progress line is drawn over itself in a terminal of 60 columns") {
  const Scratch place("narrow");
  for (const char* id : {"1.wav", "2.wav", "3.wav"}) {
    audio::write(place / ("music/" + std::string(id)), {Floats(8000, 0.5f), 1, 8000});
  }
  write_file(place / "p.lua", R"(
local lumir = require 'lumir'
local describe = lumir.chain { lumir.audio.load {}, lumir.feature.rms(), lumir.feature.summary { 'mean' } }
lumir.data.files('music'):map(describe):table()
)");
  const std::string text = on_terminal(place, 60, {"p.lua"});
  const std::string begin = "\r\033[K";
  size_t lines = 0;
  for (size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    const std::string line = text.substr(at, std::min(text.find('\r', at), text.size()) - at);
    INFO(line);
    CHECK(text_width(line) < 60);
    ++lines;
  }
  CHECK(lines >= 2);
}

TEST_CASE("help and tables fit the terminal, and go to a pipe as they are") {
  const Scratch place("wide");
  write_file(place / "t.lua", R"(
local learn, evaluate = require('lumir').learn, require('lumir').evaluate
local rows, y = {}, {}
for i = 1, 40 do rows[i], y[i] = { i % 2, i }, i % 2 == 0 and 'even' or 'odd' end
local groups = {}
for i = 1, 40 do groups[i] = 'g' .. i end
local table = { x = rows, y = y, groups = groups }
local forest = learn.GridSearch(learn.RandomForest(), { n_estimators = { 10 }, max_depth = { 3 } })
print(evaluate.compare({ ['a forest of trees'] = forest:fit(table) }, table, { top = { 1 } }))
print(('long '):rep(30))
)");
  const auto piped = run(place.folder(), "t.lua");
  REQUIRE(widest(piped.out) > 80);
  for (const unsigned short columns : {80, 60}) {
    const std::string table = on_terminal(place, columns, {"t.lua"});
    CHECK(table.find("max_depth = 3") != std::string::npos);
    const size_t begin = table.find("model ");  // behind the bar, which is drawn again and again
    CHECK(widest(table.substr(begin, table.find("long ") - begin)) <= columns);
    for (const auto& words : std::vector<std::vector<std::string>>{{"help", "mfcc"}, {"help", "audio"}, {"help"}}) {
      CHECK(widest(on_terminal(place, columns, words)) <= columns);
    }
  }
}

TEST_CASE("a recipe reads what it wrote by the same relative path") {
  const Scratch place("own-files");
  write_file(place / "o.lua", R"(
local lumir = require 'lumir'
local model = lumir.learn.KNeighbors { n_neighbors = 1 }:fit({ { 0 }, { 1 } }, { 'a', 'b' })
model:save 'models/m.safetensors'
print(lumir.learn.load('models/m.safetensors').name)
lumir.torch.save(lumir.torch.ones { 2 }, 'x.npy')
print(lumir.torch.load('x.npy'):sum():item())
print(pcall(lumir.learn.load, 'none.safetensors'))
)");
  const auto outcome = run(place.folder(), "o.lua");
  CHECK(outcome.err == "");
  CHECK(outcome.out.starts_with("KNeighbors\n2\nfalse\tnone.safetensors: "));
}

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a program without its kernel modules says that it runs the generic ones") {
  const Scratch place("alone");
  std::filesystem::copy_file(tests::program(), place / "lumir");
  write_file(place / "k.lua", "local l = require 'lumir'\nprint(l.feature.rms(l.audio.sine {}):mean():item() > 0)");
  const std::string command = "cd '" + place.folder().string() + "' && ./lumir k.lua >out 2>err";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 0);
  CHECK(read_file(place / "out") == "true\n");
  const std::string said = read_file(place / "err");
  CHECK(said.starts_with("warning: the kernels of level v"));
  CHECK(said.find("are not beside the program; it runs the generic ones, which are slower\n") != std::string::npos);
}
#endif

TEST_CASE("a training has a bar that moves on a terminal, and one line for each epoch in a pipe") {
  const Scratch place("bar");
  write_file(place / "t.lua", R"(
local lumir = require 'lumir'
local nn, optim = lumir.nn, lumir.optim
local opt = lumir.options { own = false }
local rows, labels = {}, {}
for i = 1, 24 do rows[i], labels[i] = { i, i % 2 }, i % 2 end
local data = lumir.data.table { x = rows, y = labels }
local net, loss, curve = nn.Linear(2, 2), nn.CrossEntropyLoss(), lumir.report.Curve()
local sgd = optim.SGD(net, { lr = 1e-3 })
for epoch in nn.epochs(2, { net, sgd }) do
  for x, y in data:batches { batch_size = 3 } do
    sgd:minimize(loss(net(x), y))
    local till = os.clock() + 0.05
    while os.clock() < till do end
  end
  if opt.own then curve:add { epoch = epoch, loss = 0.5 } end
end
)");
  const auto piped = run(place.folder(), "t.lua");
  CHECK(piped.err == "");
  CHECK(piped.out.starts_with("epoch 1   loss "));
  CHECK(piped.out.find("   8 batches   ") != std::string::npos);
  CHECK(std::count(piped.out.begin(), piped.out.end(), '\n') == 2);
  CHECK(run(place.folder(), "t.lua --own").out == "epoch   1   loss 0.500\nepoch   2   loss 0.500\n");
  for (const unsigned short columns : {100, 60}) {
    const std::string shown = on_terminal(place, columns, {"t.lua", "--own"});
    INFO(shown);
    CHECK(widest(shown) <= columns);
    CHECK(shown.find("epoch 1/2  8 batches  ") != std::string::npos);
    CHECK(shown.find("epoch 2/2  8 batches  ") != std::string::npos);
    CHECK(shown.find("\r\033[Kepoch   1   loss 0.500\r\n") != std::string::npos);  // it gives way to the line
    if (columns < 100) continue;
    CHECK(shown.find("####") != std::string::npos);
    CHECK(shown.find("/8   loss ") != std::string::npos);
    CHECK(shown.find(" batches/s   0.") != std::string::npos);
    CHECK(shown.find(" s left") != std::string::npos);
  }
}
