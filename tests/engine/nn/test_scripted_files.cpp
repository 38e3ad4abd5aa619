// Model files of networks that are written in Lua, read by another process: with their code, without, with other code.

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <functional>

#include "program.h"

using namespace lumir::tests;

namespace {

const std::string kCode = R"(
local lumir = require 'lumir'
local nn = lumir.nn
local slope = 0.5
local function bend(x) return x * slope end
local Branch = nn.Module 'Branch'
function Branch:init(width) self.linear = nn.Linear(width, width) end
function Branch:forward(x) return bend(self.linear(x)) end
local Fork = nn.Module 'Fork'
function Fork:init(body, options)
  self.body, self.branch = body, Branch(options.width)
  self.out = nn.Linear(options.width, 3)
end
function Fork:forward(x)
  local y = self.body(x)
  return self.out(self.branch(y) + y)
end
return Fork
)";

const char* const kTraining = R"(
local lumir = require 'lumir'
local nn, audio, feature = lumir.nn, lumir.audio, lumir.feature
local place = os.getenv 'PWD'
local names = { 'low', 'middle', 'high' }
for i = 1, 9 do
  local voice = i % 3 + 1
  local clip = audio.sine { frequency = 100 * 3 ^ voice, seconds = 0.5, rate = 8000 }
  clip:write(('%s/sounds/%s/album%d/%03d.wav'):format(place, names[voice], i, i))
  clip:write(('%s/unknown/%03d.wav'):format(place, i))
end
local songs = lumir.data.folder('sounds', { layout = '{artist}/{album}/{track}', label = 'artist' })
local rows = songs:map(lumir.chain {
  audio.load { rate = 8000, mono = true }, feature.mfcc { n_mfcc = 4 }, feature.summary { 'mean' },
})
lumir.seed(1)
local net = dofile 'net.lua' (nn.Sequential { nn.Linear(4, 4), nn.Tanh() }, { width = 4 })
nn.fit(net, rows, { epochs = 3, batch_size = 4 })
net:save 'net.safetensors'
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

TEST_CASE("a network that is written in Lua classifies a folder, where its code is given and is what it was") {
  const Scratch scratch("scripted");
  write(scratch / "net.lua", kCode);
  write(scratch / "train.lua", kTraining);
  const Outcome trained = run(scratch.folder(), "train.lua");
  CAPTURE(trained.err);
  REQUIRE(trained.status == 0);
  const std::string predict = "predict runs/train/1/net.safetensors unknown out.csv ";

  const Outcome without = run(scratch.folder(), predict);
  CHECK(without.status == 1);
  CHECK(
      without.err ==
      "error: runs/train/1/net.safetensors: the class Fork is written in Lua; code = FILE (--code=FILE.lua) names what "
      "defines it\n");
  CHECK(run(scratch.folder(), predict + "--code=net.lua").status == 0);
  const std::string answers = lumir::read_file(scratch / "out.csv");
  CHECK(answers.find("low") != std::string::npos);

  // what the network does not use may change, and Lua may collect whatever nothing reaches
  const std::string eager = "collectgarbage('setpause', 0) collectgarbage('setstepmul', 1000000)\n";
  write(scratch / "elsewhere.lua", "-- a comment\nlocal other = 3\n" + eager + kCode);
  CHECK(run(scratch.folder(), predict + "--code=elsewhere.lua").status == 0);

  const std::pair<const char*, const char*> changes[] = {
      {"slope = 0.5", "slope = 0.25"},                    // a number that a function captures
      {"x * slope", "x * slope + 0"},                     // a function that another one calls
      {"bend(self.linear(x))", "self.linear(x)"},         // another class
      {"self.branch(y) + y", "self.branch(y) - y"},       // forward
      {"nn.Linear(options.width, 3)", "nn.Linear(4, 3)"}  // init
  };
  for (const auto& [what, by] : changes) {
    write(scratch / "changed.lua", replaced(kCode, what, by));
    const Outcome refused = run(scratch.folder(), predict + "--code=changed.lua");
    CHECK(refused.status == 1);
    CHECK(refused.err.find("the class Fork was written otherwise (source ") != std::string::npos);
    CHECK(refused.err.find("allow_changed = true (--allow-changed) takes it all the same\n") != std::string::npos);
  }
  CHECK(run(scratch.folder(), predict + "--code=changed.lua --allow-changed").status == 0);
  CHECK(lumir::read_file(scratch / "out.csv") == answers);
}

TEST_CASE("what a frozen network in Lua gave is kept by its weights and by its source, batched across files") {
  const Scratch scratch("scripted-step");
  const std::string counted = replaced(kCode, "function Fork:forward(x)\n",
                                       "function Fork:forward(x)\n"
                                       "  local calls = io.open('calls', 'a')\n"
                                       "  calls:write 'x'\n"
                                       "  calls:close()\n");
  std::string script = replaced(kTraining, "nn.fit(net, rows, { epochs = 3, batch_size = 4 })\n",
                                "local step = net:step('branch', { batch_size = 9 })\n"
                                "local kept, x = rows:map(step):table().x, rows:table().x\n"
                                "net:eval()\n"
                                "for i = 1, #kept do\n"
                                "  print(table.concat(kept[i]:tolist(), ' '))\n"
                                "  local given = net.branch(net.body(x[i]:float():view(1, -1)))\n"
                                "  assert((given[1] - kept[i]):abs():max():item() < 1e-5)\n"
                                "end\n");
  script = replaced(script, "net:save 'net.safetensors'\n", "");
  const auto answers = [&](const std::string& code, const std::string& recipe) {
    write(scratch / "net.lua", code);
    write(scratch / "step.lua", recipe);
    std::filesystem::remove(scratch / "calls");
    const Outcome outcome = run(scratch.folder(), "step.lua");
    CAPTURE(outcome.err);
    REQUIRE(outcome.status == 0);
    const bool called = std::filesystem::exists(scratch / "calls");
    return std::pair(outcome.out, called ? lumir::read_file(scratch / "calls").size() : 0);
  };
  const auto [first, calls] = answers(counted, script);
  CHECK(calls == 1);
  CHECK(answers(counted, script) == std::pair(first, size_t{0}));
  const auto [other_source, after_source] = answers(replaced(counted, "slope = 0.5", "slope = 0.25"), script);
  CHECK(other_source != first);
  CHECK(after_source == 1);
  const auto [other_weights, after_weights] = answers(counted, replaced(script, "lumir.seed(1)", "lumir.seed(2)"));
  CHECK(other_weights != first);
  CHECK(after_weights == 1);
}
