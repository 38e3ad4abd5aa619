// Playing and recording, with SDL's own stand-ins for a sound card: 'dummy' is silent, 'disk' is a file.

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <thread>

#include "../data/scratch.h"
#include "audio/device.h"
#include "audio/generator.h"
#include "core/error.h"
#include "core/file.h"
#include "core/interrupt.h"

using namespace lumir;
using audio::Clip;

namespace {

/// An environment variable for as long as this lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) before_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      setenv(name_, before_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

Clip ramp(size_t length, int channels, int rate) {
  Clip clip{Floats(length * static_cast<size_t>(channels)), channels, rate};
  for (size_t i = 0; i < clip.samples.size(); ++i) clip.samples[i] = static_cast<float>(i + 1) / 100000;
  return clip;
}

std::vector<float> floats_of(const std::string& path) {
  const std::string bytes = read_file(path);
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  return numbers;
}

std::string problem(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("what is played reaches the device whole, in order, channel beside channel") {
  const tests::ScratchFolder folder;
  const Variable driver("SDL_AUDIODRIVER", "disk"), file("SDL_DISKAUDIOFILE", folder.path("out.raw")),
      fast("SDL_DISKAUDIODELAY", "1");
  const Clip clip = ramp(40000, 2, 8000);
  audio::play(clip);
  const auto played = floats_of(folder.path("out.raw"));
  REQUIRE(played.size() >= 80000);
  // the device may have asked before the first samples were there
  const auto first =
      static_cast<size_t>(std::find_if(played.begin(), played.end(), [](float x) { return x != 0; }) - played.begin());
  REQUIRE(played.size() - first >= 80000);
  for (size_t i = 0; i < 40000; ++i) {
    REQUIRE(played[first + 2 * i] == clip.channel(0)[i]);
    REQUIRE(played[first + 2 * i + 1] == clip.channel(1)[i]);
  }
}

TEST_CASE("samples beyond full scale are cut off, what is no number is silence") {
  const tests::ScratchFolder folder;
  const Variable driver("SDL_AUDIODRIVER", "disk"), file("SDL_DISKAUDIOFILE", folder.path("out.raw")),
      fast("SDL_DISKAUDIODELAY", "1");
  audio::play({{0.5f, 7, -7, std::numeric_limits<float>::quiet_NaN(), 0.25f}, 1, 8000});
  const auto played = floats_of(folder.path("out.raw"));
  const auto first = std::find(played.begin(), played.end(), 0.5f);
  REQUIRE(played.end() - first >= 5);
  CHECK(std::vector<float>(first, first + 5) == std::vector<float>{0.5f, 1, -1, 0, 0.25f});
}

TEST_CASE("what the device hears is recorded, channel by channel") {
  const tests::ScratchFolder folder;
  std::string bytes(200000 * sizeof(float), '\0');
  for (size_t i = 0; i < 200000; ++i) {
    const float sample = static_cast<float>(i) / 200000;
    std::memcpy(bytes.data() + i * sizeof(float), &sample, sizeof sample);
  }
  write_file(folder.path("in.raw"), bytes);
  const Variable driver("SDL_AUDIODRIVER", "disk"), file("SDL_DISKAUDIOFILEIN", folder.path("in.raw")),
      fast("SDL_DISKAUDIODELAY", "1");
  const Clip clip = audio::record(20000, 16000, 2);
  REQUIRE(clip.length() == 20000);
  CHECK(clip.rate == 16000);
  const float start = clip.channel(0)[0];
  for (size_t i = 0; i < 20000; ++i) {
    REQUIRE(clip.channel(0)[i] == Approx(start + static_cast<float>(2 * i) / 200000).margin(1e-6));
    REQUIRE(clip.channel(1)[i] == Approx(start + static_cast<float>(2 * i + 1) / 200000).margin(1e-6));
  }
}

TEST_CASE("a silent device records silence of the length that was asked for") {
  const Variable driver("SDL_AUDIODRIVER", "dummy");
  const Clip clip = (*audio::find_generator("audio.record"))({{"seconds", 0.1}, {"rate", 8000}, {"channels", 2}});
  CHECK(clip.length() == 800);
  CHECK(clip.channels == 2);
  for (const float sample : clip.samples) CHECK(sample == 0);
}

TEST_CASE("no device, an unknown one and too many channels are one line each") {
  {
    const Variable driver("SDL_AUDIODRIVER", "nothing_of_that_name");
    const std::string text = problem([] { audio::play(ramp(10, 1, 8000)); });
    CHECK(text.starts_with("play: no sound device ("));
    CHECK(text.find('\n') == std::string::npos);
    CHECK(problem([] { audio::record(10, 8000, 1); }).starts_with("record: no sound device ("));
  }
  const Variable driver("SDL_AUDIODRIVER", "dummy");
  CHECK(problem([] { audio::play(ramp(10, 9, 8000)); }) == "play: a device has 1 to 8 channels, not 9");
  CHECK(problem([] { audio::play({{0}, 1, 0}); }) == "play: the clip's rate is 0 Hz");
}

TEST_CASE("Ctrl-C stops playing and recording") {
  const Variable driver("SDL_AUDIODRIVER", "dummy");
  catch_interrupts();
  for (const bool playing : {true, false}) {
    const auto started = std::chrono::steady_clock::now();
    std::thread user([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      std::raise(SIGINT);
    });
    if (playing) {
      CHECK_THROWS_AS(audio::play(ramp(80000, 1, 8000)), Interrupted);
    } else {
      CHECK_THROWS_AS(audio::record(80000, 8000, 1), Interrupted);
    }
    user.join();
    clear_interrupt();
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(5));  // of ten
  }
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}
