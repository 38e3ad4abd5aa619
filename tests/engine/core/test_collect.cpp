// What hangs on handles of Lua, and that it is let go in time.

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

#include "bind/state.h"
#include "core/file.h"
#include "program.h"
#include "sanitized.h"

namespace {

/// The most memory that this process has held, in MB.
size_t most_megabytes() {
  std::ifstream lines("/proc/self/status");
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) / 1024;
  }
  return 0;
}

/// What running `code` adds to that.
size_t added_by(const std::string& code) {
  const auto state = lumir::lua::open_state();
  const size_t before = most_megabytes();
  const auto outcome = lumir::lua::run_chunk(state.get(), "local lumir = require 'lumir'\n" + code, "=test", {});
  CHECK(outcome.message.empty());
  return most_megabytes() - before;
}

TEST_CASE("what a loop leaves behind is collected, whatever it is") {
  if (lumir::tests::sanitized("what a loop leaves behind")) return;
  constexpr size_t kMost = 600;  // the garbage of each is 1,000 or more
  CHECK(added_by("local clip = lumir.audio.sine { seconds = 60, rate = 44100 }\n"
                 "for _ = 1, 200 do local quieter = clip * 0.5 end") < kMost);
  CHECK(added_by("local clip = lumir.audio.sine { seconds = 60, rate = 22050 }\n"
                 "for _ = 1, 100 do local rows = lumir.feature.melspectrogram(clip, { hop_length = 64 }) end") < kMost);
  CHECK(added_by("local w = lumir.torch.randn(256, 256, { requires_grad = true })\n"
                 "local x = lumir.torch.randn(4096, 256)\n"
                 "for _ = 1, 125 do local loss = x:matmul(w):relu():matmul(w):relu():sum() end") < kMost);
}

/// Steps: of operators alone without gradients or with their own, and of a network, the losses kept or not.
constexpr const char* kSteps = R"(
local lumir = require 'lumir'
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch
local opt = lumir.options { keep = false, step = 'own' }
local w1 = torch.randn(256, 256, { requires_grad = true })
local w2 = torch.randn(256, 10, { requires_grad = true })
local x, y = torch.randn(128, 256), torch.ones({ 128 }, { dtype = 'int64' })
local net = nn.Sequential { nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 10) }
local adam, loss = optim.Adam(net, { lr = 1e-3 }), nn.CrossEntropyLoss()
local steps = {}
local function forward() return (x:matmul(w1):relu() * 0.1 + 1):tanh():matmul(w2):pow(2):mean() end
function steps.plain()
  local l
  torch.no_grad(function() l = forward() end)
  return l
end
function steps.own()
  local l = forward()
  l:backward()
  torch.no_grad(function()
    w1:sub_(w1.grad * 0.01)
    w2:sub_(w2.grad * 0.01)
  end)
  w1.grad, w2.grad = nil, nil
  return l
end
function steps.net()
  local l = loss(net(x), y)
  adam:zero_grad()
  l:backward()
  adam:step()
  return l
end
local peak, kept = 0, {}
local function look()
  for line in io.lines '/proc/self/status' do peak = math.max(peak, tonumber(line:match '^RssAnon:%s+(%d+)') or 0) end
end
local early
for i = 1, 2000 do
  local l = steps[opt.step]()
  if opt.keep then kept[i] = l end
  look()
  if i == 20 then early = peak end
end
print(peak - early)
)";

TEST_CASE("two thousand steps of a loop that names no scope need little more than twenty") {
  if (lumir::tests::sanitized("two thousand steps")) return;
  const lumir::tests::Scratch place("steps");
  lumir::write_file(place / "steps.lua", kSteps);
  for (const char* step : {"plain", "own", "net"}) {
    for (const char* keep : {"", " --keep"}) {
      INFO(step << keep);
      const auto outcome = lumir::tests::run(place.folder(), std::string("steps.lua --step=") + step + keep);
      INFO(outcome.err);
      REQUIRE(outcome.status == 0);
      CHECK(std::stod(outcome.out) < 32 * 1024);  // kB: 4 to 16 MB; without collecting by malloc's count 70 to 300
    }
  }
}

}  // namespace
