// Constant-Q transform, chroma, tonnetz and pitch on sounds whose answers are known, and what they say to bad options.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/step.h"
#include "engine/feature/signal.h"
#include "engine/worse.h"
#include "feature/extractor.h"
#include "feature/tonnetz.h"
#include "fixtures.h"
#include "signal/aligned.h"
#include "signal/notes.h"

using namespace lumir;
using feature::Frames;

namespace {

audio::Clip tone(double frequency, double seconds = 2, int rate = 22050) {
  audio::Clip clip;
  clip.rate = rate;
  for (int i = 0; i < static_cast<int>(seconds * rate); ++i) {
    clip.samples.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * frequency * i / rate)));
  }
  return clip;
}

Frames compute(const std::string& name, const audio::Clip& clip, const Map& options = {}) {
  return std::any_cast<Frames>(make_step("feature." + name, options)->apply(clip));
}

/// The row that is greatest in the middle of the clip.
size_t greatest_row(const Frames& frames) {
  size_t best = 0;
  for (size_t row = 1; row < frames.rows; ++row) {
    if (frames.row(row)[frames.frames / 2] > frames.row(best)[frames.frames / 2]) best = row;
  }
  return best;
}

std::string problem(const std::string& name, const audio::Clip& clip, const Map& options) {
  try {
    compute(name, clip, options);
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

/// The doubles of a numpy file.
std::vector<double> read_npy(const std::string& path) {
  const std::string bytes = read_file(path);
  const size_t header = bytes.find('\n') + 1;
  std::vector<double> values((bytes.size() - header) / sizeof(double));
  std::memcpy(values.data(), bytes.data() + header, values.size() * sizeof(double));
  return values;
}

}  // namespace

TEST_CASE("a tone is heard in the constant-Q bin of its note") {
  for (double note : {30.0, 45.0, 69.0, 93.0}) {
    const Frames frames = compute("cqt", tone(signal::note_hz(note)));
    CHECK(frames.rows == 84);
    CHECK(frames.frames == 1 + 2 * 22050 / 512);
    CHECK(greatest_row(frames) == static_cast<size_t>(note - signal::kC1));
  }
}

TEST_CASE("the constant-Q transform finds the tuning of a recording") {
  const auto high = tone(signal::note_hz(69.3));
  const Frames found = compute("cqt", high, {{"tuning", "none"}});
  const Frames told = compute("cqt", high, {{"tuning", 0.3}});
  const Frames not_told = compute("cqt", high);
  const size_t middle = found.frames / 2;
  CHECK(found.row(45)[middle] == Approx(told.row(45)[middle]).epsilon(1e-2));
  CHECK(found.row(45)[middle] > 1.05 * not_told.row(45)[middle]);
}

TEST_CASE("a set works out one constant-Q transform for chroma, tonnetz and itself, with the same numbers") {
  const auto clip = tests::golden_signal(22050);
  const Map coarse = {{"bins_per_octave", 12}};
  const Map pitches = {{"tuning", "none"}};
  std::vector<StepPtr> steps = {make_step("feature.chroma_cqt", coarse), make_step("feature.chroma_cens", coarse),
                                make_step("feature.tonnetz", coarse), make_step("feature.cqt", pitches)};
  const Frames together = feature::extract(clip, feature::plan_of(steps));
  size_t first = 0;
  for (const auto& step : steps) {
    const auto alone = std::any_cast<Frames>(step->apply(clip));
    const auto begin = together.values.begin() + static_cast<long>(first * together.frames);
    CHECK(std::equal(alone.values.begin(), alone.values.end(), begin));
    first += alone.rows;
  }
  CHECK(first == together.rows);
}

TEST_CASE("chroma puts every octave of a note into one class") {
  for (const char* name : {"chroma_cqt", "chroma_cens"}) {
    INFO(name);
    for (double note : {45.0, 57.0, 69.0, 81.0}) CHECK(greatest_row(compute(name, tone(signal::note_hz(note)))) == 9);
  }
}

TEST_CASE("yin and pyin find the pitch of a tone") {
  for (double frequency : {110.0, 220.5, 441.0, 1999.0}) {
    const auto clip = tone(frequency);
    const Frames plain = compute("yin", clip), likely = compute("pyin", clip);
    const size_t middle = plain.frames / 2;
    CHECK(plain.row(0)[middle] == Approx(frequency).epsilon(6e-3));
    CHECK(likely.row(0)[middle] == Approx(frequency).epsilon(6e-3));  // in steps of a tenth of a semitone
    CHECK(likely.row(1)[middle] == 1);
    CHECK(likely.row(2)[middle] > 0.8);
  }
}

TEST_CASE("pyin says where there is no pitch") {
  audio::Clip clip = tone(300, 1);
  uint32_t state = 1;
  for (int i = 0; i < 22050; ++i) {
    state = 1664525u * state + 1013904223u;
    clip.samples.push_back(static_cast<float>(state / 4294967296.0 - 0.5));
  }
  const Frames frames = compute("pyin", clip);
  CHECK(frames.names == std::vector<std::string>{"pyin_f0", "pyin_voiced_flag", "pyin_voiced_prob"});
  CHECK(frames.row(1)[20] == 1);
  CHECK(frames.row(1)[70] == 0);
  CHECK(frames.row(0)[70] == 0);
  CHECK(compute("pyin", clip, {{"fill_na", -1}}).row(0)[70] == -1);
  CHECK(compute("pyin", clip, {{"fill_na", "none"}}).row(0)[70] > 60);
}

TEST_CASE("the path of a pitch is the same whether it is searched in one part or in several") {
  // 9,000 frames are three parts; the pitch of a slow vibrato has one way only
  audio::Clip clip;
  clip.rate = 8000;
  double phase = 0;
  for (int i = 0; i < 9000 * 64; ++i) {
    phase += 2 * std::numbers::pi * (200 + 20 * std::sin(i * 1e-4)) / clip.rate;
    clip.samples.push_back(static_cast<float>(0.5 * std::sin(phase)));
  }
  const Map options = {{"fmin", 100}, {"fmax", 400}, {"frame_length", 512}, {"hop_length", 64}, {"resolution", 0.5}};
  const Frames whole = compute("pyin", clip, options);
  REQUIRE(whole.frames > 8192);
  long far = 0;
  for (size_t t = 10; t + 10 < whole.frames; ++t) {
    const double wanted = 200 + 20 * std::sin(static_cast<double>(t * 64) * 1e-4);
    if (std::fabs(whole.row(0)[t] / wanted - 1) > 0.04) ++far;
  }
  CHECK(far == 0);
}

TEST_CASE("silence has chroma of 0 and no tonal centre") {
  audio::Clip silence;
  silence.rate = 22050;
  silence.samples.assign(22050, 0.0f);
  for (const char* name : {"cqt", "chroma_cqt", "chroma_cens", "tonnetz"}) {
    INFO(name);
    const Frames frames = compute(name, silence);
    CHECK(std::all_of(frames.values.begin(), frames.values.end(), [](float x) { return x == 0; }));
  }
}

TEST_CASE("a clip shorter than every filter has frames too") {
  const Frames frames = compute("cqt", tone(440, 0.01));
  CHECK(frames.frames == 1);
  CHECK(std::all_of(frames.values.begin(), frames.values.end(), [](float x) { return std::isfinite(x); }));
}

TEST_CASE("frames do not depend on an early halving of the rate") {
  // librosa has 87 frames here, where everything else that it computes has 86
  auto clip = tone(440, 1, 44100);
  clip.samples.resize(86 * 512 - 1);
  CHECK(compute("cqt", clip, {{"n_bins", 60}}).frames == compute("rms", clip).frames);
}

TEST_CASE("constant-Q options that do not fit say so") {
  const auto clip = tone(440, 0.5);
  CHECK(problem("cqt", clip, {{"n_bins", 120}}) ==
        "cqt: 'n_bins' = 120 reaches up to 32976 Hz, beyond half the rate of the clip (11025 Hz)");
  CHECK(problem("cqt", clip, {{"filter_scale", 0.01}, {"fmin", 2000}, {"n_bins", 1}}) ==
        "cqt: 'filter_scale' = 0.01 makes filters of 1.9 samples (2 to 1048576 can be)");
  CHECK(problem("chroma_cqt", clip, {{"bins_per_octave", 30}}) ==
        "chroma_cqt: 'bins_per_octave' = 30 is no multiple of n_chroma = 12");
  CHECK(problem("tonnetz", clip, {{"chroma", "dct"}}) == "tonnetz: 'chroma' = 'dct' is none of 'cqt', 'cens', 'stft'");
}

TEST_CASE("pitches that do not fit the rate or the frame say so") {
  const auto clip = tone(440, 0.5, 8000);
  CHECK(problem("yin", clip, {{"fmax", 5000}}) == "yin: 'fmax' = 5000 is beyond half the rate of the clip (4000 Hz)");
  CHECK(problem("yin", clip, {{"fmin", 900}, {"fmax", 800}}) == "yin: 'fmin' = 900 must be below fmax = 800");
  CHECK(problem("pyin", clip, {{"fmin", 10}, {"frame_length", 600}}) ==
        "pyin: 'fmin' = 10 needs a frame_length of at least 802 samples, got 600");
  CHECK(problem("pyin", clip, {{"beta_parameters", List{1}}}) == "pyin: 'beta_parameters' takes two numbers, got 1");
  CHECK(problem("pyin", clip, {{"transition_min_prob", 0.5}}) ==
        "pyin: 'transition_min_prob' = 0.5 is so great that nothing leads to some pitches");
}

TEST_CASE("tonal centroids are those of another implementation") {
  const std::string chroma_path = tests::fixture("golden-matlab/feature-tonnetz-chroma.npy");
  const std::string wanted_path = tests::fixture("golden-matlab/feature-tonnetz-msaf.npy");
  if (chroma_path.empty() || wanted_path.empty()) return;
  const auto chroma = read_npy(chroma_path), wanted = read_npy(wanted_path);  // the second column after column
  const size_t frames = chroma.size() / 12, stride = frames + signal::kMostLanes;
  REQUIRE(wanted.size() == 6 * frames);
  signal::AlignedFloats in(12 * stride, 0.0f), out(6 * stride);
  for (size_t row = 0; row < 12; ++row) {
    for (size_t t = 0; t < frames; ++t) in[row * stride + t] = static_cast<float>(chroma[row * frames + t]);
  }
  const auto track = [&](signal::AlignedFloats& values, int rows) {
    return signal::Track{values.data(), stride, rows, static_cast<long>(frames), 1};
  };
  feature::tonal_centroids(track(in, 12), track(out, 6));
  double worst = 0;
  for (size_t row = 0; row < 6; ++row) {
    for (size_t t = 0; t < frames; ++t)
      worst = testing::worse(worst, std::fabs(out[row * stride + t] - wanted[t * 6 + row]));
  }
  CHECK(worst < 1e-6);
}
