// Harmonic-percussive separation: sliding medians against sorting, both sounds against librosa and against each other.
// Numbers by tests/golden/separation/make.py.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/random.h"
#include "core/step.h"
#include "engine/feature/signal.h"
#include "engine/worse.h"
#include "feature/plan/plan.h"
#include "signal/hpss.h"
#include "signal/kernel.h"
#include "signal/median.h"
#include "tree.h"

using namespace lumir;
using feature::Frames;

namespace {

Value golden() {
  const std::string path = LUMIR_ROOT "/tests/golden/separation/golden.json";
  return from_json(read_file(path), path);
}

Map options_of(const Value& wanted) {
  Map options = *wanted["options"].map();
  if (options["power"].text()) options["power"] = std::numeric_limits<double>::infinity();
  if (options["power"].is_nil()) options.erase("power");
  return options;
}

audio::Clip separated(const std::string& name, const audio::Clip& clip, const Map& options = {}) {
  return std::any_cast<audio::Clip>(make_step("feature." + name, options)->apply(clip));
}

std::string problem(const Map& options) {
  try {
    separated("harmonic", tests::golden_signal(8000), options);
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

/// The greatest difference from librosa's samples, relative to the RMS of the sound.
double worst_difference(const Value& all, const Value& wanted, const audio::Clip& clip) {
  const double rms = std::sqrt(*wanted["var"].number());
  double worst = 0;
  const List& places = *all["places"].list();
  for (size_t i = 0; i < places.size(); ++i) {
    const float got = clip.samples[static_cast<size_t>(*places[i].number())];
    worst = testing::worse(worst, std::fabs(got - *(*wanted["values"].list())[i].number()) / rms);
  }
  return worst;
}

void check_sounds() {
  const Value all = golden();
  const auto clip = tests::golden_signal(22050);
  for (const Value& wanted : *all["sounds"].list()) {
    INFO(to_json(wanted["options"]));
    for (const char* name : {"harmonic", "percussive"}) {
      const auto sound = separated(name, clip, options_of(wanted));
      REQUIRE(sound.samples.size() == clip.samples.size());
      CHECK(worst_difference(all, wanted[name], sound) < 1e-5);
    }
  }
}

std::vector<float> random_numbers(size_t count) {
  Random random(7);
  std::vector<float> numbers;
  for (size_t i = 0; i < count; ++i) numbers.push_back(static_cast<float>(random.below(1000)));  // some are equal
  return numbers;
}

}  // namespace

TEST_CASE("sliding medians are those of sorted windows, at every level and size") {
  constexpr size_t kColumns = 32;
  constexpr long kCount = 45;
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    signal::use_level(level);
    for (int size : {1, 2, 3, 7, 8, 15, 16, 31, 32, 33}) {
      INFO(level << ", windows of " << size);
      const auto in = random_numbers((kCount + static_cast<size_t>(size) - 1) * kColumns);
      std::vector<float> out(kCount * kColumns);
      signal::best (&signal::sliding_medians)(in.data(), kColumns, kColumns, kCount, size, out.data(), kColumns);
      long wrong = 0;
      for (size_t i = 0; i < kCount; ++i) {
        for (size_t column = 0; column < kColumns; ++column) {
          std::vector<float> window;
          for (size_t k = 0; k < static_cast<size_t>(size); ++k) window.push_back(in[(i + k) * kColumns + column]);
          std::sort(window.begin(), window.end());
          wrong += out[i * kColumns + column] != window[static_cast<size_t>(size) / 2];
        }
      }
      CHECK(wrong == 0);
    }
  }
  signal::use_level(before);
}

TEST_CASE("harmonic and percussive sounds are those of librosa, whatever the options and the level") {
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    INFO(level);
    signal::use_level(level);
    check_sounds();
  }
  signal::use_level(before);
}

/// Mean and variance of a centred sound, 0 behind its last whole hop, as librosa 0.7 gave it.
std::pair<double, double> moments_of_hops(const audio::Clip& clip, const Map& options) {
  const auto known = options.find("hop_length");
  const auto hop = static_cast<size_t>(known == options.end() ? 512 : *known->second.number());
  double sum = 0, squares = 0;
  for (size_t i = 0; i < clip.length() / hop * hop; ++i) {
    sum += clip.samples[i];
    squares += static_cast<double>(clip.samples[i]) * clip.samples[i];
  }
  const auto count = static_cast<double>(clip.length());
  return {sum / count, squares / count - sum / count * (sum / count)};
}

TEST_CASE("harmony and perceptr are mean and variance of both sounds, as far as whole hops go") {
  const Value all = golden();
  const auto clip = tests::golden_signal(22050);
  for (const Value& wanted : *all["sounds"].list()) {
    INFO(to_json(wanted["options"]));
    const Map options = options_of(wanted);
    const auto sound = [&](const std::string& name) {
      return std::any_cast<audio::Clip>(make_step("feature." + name, options)->apply(clip));
    };
    const List features = {make_step("feature.harmony", options)->description(),
                           make_step("feature.perceptr", options)->description()};
    const auto frames = std::any_cast<Frames>(make_step("feature.set", {{"features", features}})->apply(clip));
    CHECK(frames.scalar_names ==
          std::vector<std::string>{"harmony_mean", "harmony_var", "perceptr_mean", "perceptr_var"});
    REQUIRE(frames.scalars.size() == 4);
    // samples near 1 cancel in a mean: its error is that of one sample
    const auto tones = moments_of_hops(sound("harmonic"), options),
               clicks = moments_of_hops(sound("percussive"), options);
    CHECK(frames.scalars[0] == Approx(tones.first).margin(1e-7));
    CHECK(frames.scalars[1] == Approx(tones.second).epsilon(2e-6));
    CHECK(frames.scalars[2] == Approx(clicks.first).margin(1e-7));
    CHECK(frames.scalars[3] == Approx(clicks.second).epsilon(2e-6));
  }
}

TEST_CASE("the two sounds add up to the clip, with the ends of a long one and of a very short one") {
  for (size_t length : {size_t{1}, size_t{100}, size_t{20000}, size_t{66150}}) {
    INFO(length << " samples");
    auto clip = tests::golden_signal(22050);
    clip.samples.resize(length);
    const auto tones = separated("harmonic", clip), clicks = separated("percussive", clip);
    REQUIRE(tones.samples.size() == length);
    double worst = 0;
    for (size_t i = 0; i < length; ++i) {
      worst = testing::worse(worst, std::fabs(clip.samples[i] - tones.samples[i] - clicks.samples[i]));
    }
    CHECK(worst < 1e-6);
  }
}

TEST_CASE("a steady tone is harmonic and a click is percussive") {
  audio::Clip clip;
  clip.rate = 22050;
  for (int i = 0; i < 44100; ++i) {
    clip.samples.push_back(static_cast<float>(0.1 * std::sin(2 * std::numbers::pi * 500 * i / 22050.0)));
  }
  clip.samples[22050] += 0.9f;
  const auto clicks = separated("percussive", clip);
  CHECK(clicks.samples[22050] == Approx(0.9).epsilon(0.05));
  double tone = 0;
  for (size_t i = 30000; i < 40000; ++i) tone = std::max(tone, std::fabs(static_cast<double>(clicks.samples[i])));
  CHECK(tone < 0.002);
}

TEST_CASE("every channel is separated by itself") {
  const auto mono = tests::golden_signal(8000);
  audio::Clip stereo = mono;
  stereo.channels = 2;
  stereo.samples.insert(stereo.samples.end(), mono.samples.rbegin(), mono.samples.rend());
  const auto both = separated("harmonic", stereo), one = separated("harmonic", mono);
  REQUIRE(both.channels == 2);
  CHECK(std::equal(one.samples.begin(), one.samples.end(), both.channel(0).begin()));
}

TEST_CASE("options that make no sense are one line") {
  CHECK(problem({{"kernel_size", 0}}) ==
        "harmonic: 'kernel_size' = 0 must be an integer of 1 to 4095, or a list of two");
  CHECK(problem({{"kernel_size", List{3, 2.5}}}) ==
        "harmonic: 'kernel_size' = { 3, 2.5 } must be an integer of 1 to 4095, or a list of two");
  CHECK(problem({{"margin", 0.5}}) == "harmonic: 'margin' = 0.5 must be a number of 1 to 1000000, or a list of two");
  CHECK(
      problem({{"hop_length", 2049}}) ==
      "harmonic: 'hop_length' = 2049 must be at most the window's 2048 samples: what lies between windows could not be "
      "put together again");
  CHECK_THROWS_WITH(separated("percussive", audio::Clip{{}, 1, 8000}), "percussive: the clip is empty");
  CHECK_THROWS_WITH(separated("percussive", audio::Clip{Floats(100), 1, 8000}, {{"center", false}}),
                    "percussive: 'center' = false needs a clip of at least 2048 samples, got 100");
}
