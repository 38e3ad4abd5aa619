// Onsets, beats, tempograms: against librosa, the MATLAB references, and signals whose beats are known.
// Numbers by tests/golden/rhythm/make.py.

#include <cmath>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/step.h"
#include "engine/feature/signal.h"
#include "engine/mat_file.h"
#include "feature/beats.h"
#include "feature/mean_tempogram.h"
#include "feature/peak_pick.h"
#include "feature/plan/plan.h"
#include "fixtures.h"
#include "signal/kernel.h"
#include "tree.h"

using namespace lumir;
using feature::Frames;

namespace {

Frames compute(const std::string& name, const audio::Clip& clip, const Map& options = {}) {
  return std::any_cast<Frames>(make_step("feature." + name, options)->apply(clip));
}

std::vector<double> seconds(const std::string& name, const audio::Clip& clip, const Map& options = {}) {
  const Frames frames = compute(name, clip, options);
  REQUIRE(frames.times.size() == 1);
  return frames.times[0].seconds;
}

void check_moments(const Value& wanted) {
  INFO(show(wanted["name"]) << " " << to_json(wanted["options"]) << " at " << show(wanted["rate"]));
  const auto clip = tests::golden_signal(static_cast<int>(*wanted["rate"].number()));
  const auto got = seconds(*wanted["name"].text(), clip, *wanted["options"].map());
  const List& expected = *wanted["seconds"].list();
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(*expected[i].number()).epsilon(1e-6));
}

/// Short bursts every `period` seconds from 0.25 s on.
audio::Clip clicks(double period, double length) {
  audio::Clip clip;
  clip.rate = 22050;
  clip.samples.resize(static_cast<size_t>(length * clip.rate));
  for (double begin = 0.25; begin + 0.05 < length; begin += period) {
    const auto first = static_cast<size_t>(begin * clip.rate);
    for (size_t i = 0; i < 800; ++i) {
      const double t = static_cast<double>(i);
      clip.samples[first + i] += static_cast<float>(std::sin(0.4 * t) * std::exp(-0.008 * t));
    }
  }
  return clip;
}

}  // namespace

TEST_CASE("onsets and beats fall where librosa finds them, at every level") {
  const std::string path = LUMIR_ROOT "/tests/golden/rhythm/golden.json";
  const Value all = from_json(read_file(path), path);
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    INFO(level);
    signal::use_level(level);
    for (const Value& wanted : *all["moments"].list()) check_moments(wanted);
  }
  signal::use_level(before);
}

TEST_CASE("clicks have onsets where they begin and beats at their tempo") {
  const auto clip = clicks(0.5, 12);
  for (const char* name : {"onset_detect", "beat_track"}) {
    INFO(name);
    const auto found = seconds(name, clip);
    REQUIRE(found.size() >= 20);
    for (double second : found) {
      const double phase = std::fabs(std::remainder(second - 0.25, 0.5));
      CHECK(phase < 0.05);
    }
  }
}

TEST_CASE("backtracking moves an onset to where the strength began to rise, never forward") {
  const auto clip = tests::golden_signal(22050);
  const auto peaks = seconds("onset_detect", clip), begins = seconds("onset_detect", clip, {{"backtrack", true}});
  REQUIRE(peaks.size() == begins.size());
  for (size_t i = 0; i < peaks.size(); ++i) CHECK(begins[i] <= peaks[i]);
}

TEST_CASE("silence has neither onsets nor beats") {
  audio::Clip clip;
  clip.rate = 22050;
  clip.samples.assign(22050, 0.0f);
  CHECK(seconds("onset_detect", clip).empty());
  CHECK(seconds("beat_track", clip).empty());
}

TEST_CASE("the optimal pickers keep 'wait', and take the most or the highest peaks") {
  const std::vector<float> envelope = {0, 1, 0, 3, 0, 2, 0, 0};
  feature::PeakPicking picking;
  picking.wait = 2;
  picking.delta = 0.1;
  picking.pre_avg = picking.post_avg = 3;
  picking.method = "greedy";
  CHECK(feature::pick_peaks(envelope, picking) == std::vector<int>{3});
  picking.pre_avg = 0;
  picking.post_avg = 2;
  CHECK(feature::pick_peaks(envelope, picking) == std::vector<int>{1, 5});
  picking.method = "dp_count";
  CHECK(feature::pick_peaks(envelope, picking) == std::vector<int>{1, 5});
  picking.method = "dp_value";
  CHECK(feature::pick_peaks({std::vector<float>{0, 1, 0, 9, 0, 2, 0, 0}}, picking) == std::vector<int>{3});
}

TEST_CASE("a tempogram of clicks is high at the lag of their distance") {
  const auto tempogram = compute("tempogram", clicks(0.5, 12));
  REQUIRE(tempogram.rows == 384);
  const size_t middle = tempogram.frames / 2;
  CHECK(tempogram.row(0)[middle] == Approx(1));
  const double lag = 0.5 * 22050 / 512;
  const auto at = [&](double lags) { return tempogram.row(static_cast<size_t>(std::lround(lags)))[middle]; };
  CHECK(at(lag) > 0.6f);
  CHECK(at(lag / 2) < 0.2f);
}

TEST_CASE("the local pulse of clicks has its peaks at the clicks") {
  const auto pulse = compute("plp", clicks(0.5, 12));
  REQUIRE(pulse.rows == 1);
  const auto row = pulse.row(0);
  const size_t from = row.size() / 3;
  const auto peak = std::max_element(row.begin() + static_cast<long>(from), row.begin() + static_cast<long>(from) + 21);
  const double second = static_cast<double>(peak - row.begin()) * 512 / 22050;
  CHECK(std::fabs(std::remainder(second - 0.25, 0.5)) < 0.07);
}

TEST_CASE("options of rhythm that cannot be are one line") {
  const auto clip = tests::golden_signal(8000);
  CHECK_THROWS_WITH(compute("plp", clip, {{"tempo_min", 100}, {"tempo_max", 90}}),
                    "plp: 'tempo_max' = 90 must be above tempo_min = 100");
  CHECK_THROWS_WITH(compute("beat_track", clip, {{"bpm", 1000}}),
                    "beat_track: 'bpm' = 1000 has more than one beat in a frame (at most 937.5)");
  CHECK_THROWS_WITH(compute("tempogram", clip, {{"center", false}}),
                    Catch::Contains("'center' = false needs a clip of"));
}

TEST_CASE("beats of the MATLAB beat tracker's envelope are its beats") {
  const std::string beats = tests::fixture("golden-matlab/beat-beat-000.mat");
  const std::string tempo = tests::fixture("golden-matlab/beat-tempo-000.mat");
  if (beats.empty() || tempo.empty()) return;
  const tests::MatFile golden(beats), tempos(tempo);
  const std::vector<float> envelope(golden["onsetenv"].values.begin(), golden["onsetenv"].values.end());
  constexpr double kFrameRate = 8000.0 / 32;
  // the faster one of the reference's two tempos is the one that it tracks
  const double bpm = tempos["t"].values.at(1);
  const auto found = feature::find_beats(envelope, std::lrint(kFrameRate * 60 / bpm), 100, true);
  const auto& wanted = golden["beats"].values;
  CHECK(found.size() == wanted.size());
  // 8 ms: the reference smooths the envelope otherwise; the first beat, of a silent beginning, is another
  long near = 0;
  for (double second : wanted) {
    near += std::any_of(found.begin(), found.end(),
                        [&](long beat) { return std::fabs(static_cast<double>(beat) / kFrameRate - second) < 0.0085; });
  }
  CHECK(near >= static_cast<long>(wanted.size()) - 1);
}
