// What hangs on handles of Lua, and that it is let go in time.

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

#include "bind/state.h"
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

}  // namespace
