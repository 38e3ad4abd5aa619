// REPET and REPET-SIM: both parts against nussl, and against each other. Numbers by tests/golden/repet/make.py.

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/step.h"
#include "engine/feature/signal.h"
#include "engine/worse.h"
#include "signal/kernel.h"
#include "signal/row_median.h"
#include "tree.h"

using namespace lumir;

namespace {

audio::Clip part_of(const std::string& name, const std::string& part, const audio::Clip& clip, Map options = {}) {
  options["part"] = part;
  return std::any_cast<audio::Clip>(make_step("feature." + name, options)->apply(clip));
}

double power(const audio::Clip& clip) {
  double sum = 0;
  for (const float sample : clip.samples) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(clip.samples.size());
}

}  // namespace

TEST_CASE("what repeats and what does not are nussl's") {
  const std::string path = LUMIR_ROOT "/tests/golden/repet/golden.json";
  const Value all = from_json(read_file(path), path);
  const auto clip = tests::golden_signal(22050);
  const List& places = *all["places"].list();
  for (const Value& wanted : *all["sounds"].list()) {
    INFO(to_json(wanted["method"]) << to_json(wanted["options"]));
    for (const char* part : {"background", "foreground"}) {
      const auto sound = part_of(*wanted["method"].text(), part, clip, *wanted["options"].map());
      REQUIRE(sound.samples.size() == clip.samples.size());
      double worst = 0;
      for (size_t i = 0; i < places.size(); ++i) {
        const float got = sound.samples[static_cast<size_t>(*places[i].number())];
        worst = testing::worse(worst, std::fabs(got - *(*wanted[part]["values"].list())[i].number()));
      }
      // of two frames that are equally alike, rounding chooses: then a median is of others
      const double tolerance = *wanted["method"].text() == "repet" ? 1e-5 : 5e-3;
      CHECK(worst / std::sqrt(*wanted[part]["var"].number()) < tolerance);
    }
  }
}

TEST_CASE("what repeats and what does not are the clip together, in each channel") {
  auto clip = tests::golden_signal(8000);
  clip.samples.insert(clip.samples.end(), clip.samples.rbegin(), clip.samples.rend());
  clip.channels = 2;
  for (const char* name : {"repet", "repet_sim"}) {
    auto sum = part_of(name, "foreground", clip);
    const auto background = part_of(name, "background", clip);
    REQUIRE(sum.channels == 2);
    double worst = 0;
    for (size_t i = 0; i < sum.samples.size(); ++i) {
      worst = testing::worse(worst, std::fabs(sum.samples[i] + background.samples[i] - clip.samples[i]));
    }
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("a beat that comes again each half second is background, one tone above it is not") {
  audio::Clip beats = tests::golden_signal(8000), tone = beats;
  for (size_t i = 0; i < beats.samples.size(); ++i) {
    const double t = static_cast<double>(i) / 8000, since = t - std::floor(t * 2) / 2;
    beats.samples[i] = static_cast<float>(0.5 * std::exp(-12 * since) * std::sin(6.283185307 * 500 * since));
    tone.samples[i] = static_cast<float>(t > 1 && t < 1.4 ? 0.3 * std::sin(6.283185307 * 1500 * t) : 0);
  }
  audio::Clip both = beats;
  for (size_t i = 0; i < both.samples.size(); ++i) both.samples[i] += tone.samples[i];
  const auto voice = part_of("repet", "foreground", both, {{"min_period", 0.3}, {"n_fft", 512.0}});
  audio::Clip missed = voice;
  for (size_t i = 0; i < missed.samples.size(); ++i) missed.samples[i] -= tone.samples[i];
  CHECK(power(missed) < 0.1 * power(tone));
}

TEST_CASE("a clip too short for three periods is an error that says how long it must be") {
  audio::Clip clip = tests::golden_signal(8000);
  clip.samples.resize(8000);
  CHECK_THROWS_WITH(part_of("repet", "foreground", clip),
                    "repet: three repetitions of 'min_period' = 0.8 s need a clip of 2.4 s, got 1 s");
  CHECK_THROWS_WITH(part_of("repet", "foreground", clip, {{"period", 0.4}}),
                    "repet: three repetitions of 'period' = 0.4 s need a clip of 1.2 s, got 1 s");
  CHECK_THROWS_AS(part_of("repet", "foreground", clip, {{"period", 1e9}}), ArgumentError);
  clip.samples.assign(24000, 0.0f);
  CHECK(power(part_of("repet", "foreground", clip)) == 0);
  CHECK(power(part_of("repet_sim", "background", clip)) == 0);
}

TEST_CASE("options that leave nothing to compare are refused by name") {
  audio::Clip clip = tests::golden_signal(8000);
  clip.samples.resize(8000);
  const auto refused = [&](const std::string& name, const Map& options) {
    try {
      part_of(name, "foreground", clip, options);
    } catch (const ArgumentError& problem) {
      return std::string(problem.what());
    }
    return std::string();
  };
  CHECK(refused("repet_sim", {{"min_distance", 1}}) ==
        "repet_sim: 'min_distance' = 1 s must be shorter than the clip's 1 s");
  CHECK(refused("repet_sim", {{"min_distance", 0.1}, {"high_pass", 4001}}) ==
        "repet_sim: 'high_pass' = 4001 Hz must be at most 4000 Hz, half of the clip's rate");
  CHECK(refused("repet", {{"min_period", 0.1}, {"hop_length", 2049}}) ==
        "repet: 'hop_length' = 2049 must be at most the window's 2048 samples: what lies between windows could not be "
        "put "
        "together again");
  CHECK(refused("repet", {{"min_period", 0.1}, {"hop_length", 16384}, {"n_fft", 32768}}) ==
        "repet: 'hop_length' = 16384 makes 1 frame of the clip; what repeats needs three");
}

TEST_CASE("a period that is given is not looked for") {
  const audio::Clip clip = tests::golden_signal(8000);
  CHECK_THROWS_WITH(part_of("repet", "foreground", clip, {{"period", 0.4}, {"min_period", 0.3}}),
                    "repet: 'period' and 'min_period' exclude each other; give one of them");
  CHECK_THROWS_WITH(part_of("repet", "foreground", clip, {{"period", 0.4}, {"max_period", 0.9}}),
                    "repet: 'period' and 'max_period' exclude each other; give one of them");
}

TEST_CASE("medians over rows anywhere are numpy's, of odd and even counts and beyond a register's width") {
  std::vector<std::vector<float>> rows(6, std::vector<float>(37));
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t column = 0; column < 37; ++column) {
      rows[row][column] = static_cast<float>((row * 7 + column * column) % 11) * 1e-3f;
    }
  }
  for (const size_t count : {1, 2, 5, 6}) {
    std::vector<const float*> places;
    for (size_t row = 0; row < count; ++row) places.push_back(rows[row].data());
    std::vector<float> got(37);
    signal::best (&signal::row_medians)(places.data(), static_cast<long>(count), 37, got.data());
    for (size_t column = 0; column < 37; ++column) {
      std::vector<float> sorted;
      for (size_t row = 0; row < count; ++row) sorted.push_back(rows[row][column]);
      std::sort(sorted.begin(), sorted.end());
      CHECK(got[column] == (sorted[(count - 1) / 2] + sorted[count / 2]) / 2);
    }
  }
}
