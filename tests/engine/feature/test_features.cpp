// Features on signals whose answers are known without a reference.

#include <algorithm>
#include <cmath>
#include <numbers>

#include <catch2/catch.hpp>

#include "core/step.h"
#include "feature/extractor.h"

using namespace lumir;
using feature::Frames;

namespace {

audio::Clip sine(double frequency, double seconds, int rate = 22050, double amplitude = 0.5) {
  audio::Clip clip;
  clip.rate = rate;
  for (int i = 0; i < static_cast<int>(seconds * rate); ++i) {
    clip.samples.push_back(static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * frequency * i / rate)));
  }
  return clip;
}

audio::Clip constant(float value, int samples, int rate = 22050) {
  audio::Clip clip;
  clip.rate = rate;
  clip.samples.assign(static_cast<size_t>(samples), value);
  return clip;
}

Frames compute(const std::string& name, const audio::Clip& clip, const Map& options = {}) {
  return std::any_cast<Frames>(make_step("feature." + name, options)->apply(clip));
}

std::string problem(const std::string& name, const audio::Clip& clip, const Map& options = {}) {
  try {
    compute(name, clip, options);
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

Value described(const std::string& name, const Map& options = {}) {
  return make_step("feature." + name, options)->description();
}

bool finite(const Frames& frames) {
  for (float value : frames.values) {
    if (!std::isfinite(value)) return false;
  }
  for (double value : frames.scalars) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

/// Every registered feature of clips; steps from clip to clip are none.
std::vector<std::string> names_of_features() {
  std::vector<std::string> names;
  for (const Entry* entry : entries("feature")) {
    if (entry->words.input != "clip") continue;
    try {
      feature::feature_of(make_step(entry->full_name(), {}), "test");
      names.push_back(entry->name);
    } catch (const ArgumentError&) {
    }
  }
  return names;
}

}  // namespace

TEST_CASE("a pure tone has its centroid and rolloff at its frequency") {
  const auto tone = sine(1000, 1);
  const auto centroid = compute("spectral_centroid", tone, {{"center", false}});
  for (float value : centroid.row(0)) CHECK(value == Approx(1000).epsilon(1e-3));
  const auto rolloff = compute("spectral_rolloff", tone, {{"center", false}});
  for (float value : rolloff.row(0)) CHECK(std::fabs(value - 1000) <= 2 * 22050.0 / 2048);
}

TEST_CASE("a tone of amplitude a has an RMS of a over the root of two, and crosses zero twice a period") {
  const auto tone = sine(441, 1, 22050, 0.5);
  const auto rms = compute("rms", tone, {{"frame_length", 2000}, {"hop_length", 500}, {"center", false}});
  for (float value : rms.row(0)) CHECK(value == Approx(0.5 / std::sqrt(2.0)).epsilon(1e-4));
  const auto rate = compute("zero_crossing_rate", tone, {{"frame_length", 2000}, {"center", false}});
  for (float value : rate.row(0)) CHECK(value == Approx(2 * 441.0 / 22050).margin(1.0 / 2000));
}

TEST_CASE("a tone of A belongs to the pitch class A, whatever its octave") {
  for (double frequency : {220.0, 440.0, 880.0}) {
    const auto chroma = compute("chroma_stft", sine(frequency, 1), {{"tuning", 0}});
    REQUIRE(chroma.rows == 12);
    CHECK(chroma.row(9)[20] == Approx(1));
    CHECK(chroma.row(3)[20] < 0.01);
  }
}

TEST_CASE("clicks twice a second have a tempo of 120") {
  audio::Clip clicks = constant(0, 22050 * 20);
  for (size_t begin = 0; begin + 500 < clicks.samples.size(); begin += 11025) {
    for (size_t i = 0; i < 500; ++i) {
      clicks.samples[begin + i] =
          static_cast<float>(std::sin(0.3 * static_cast<double>(i)) * std::exp(-0.01 * static_cast<double>(i)));
    }
  }
  const Frames tempo = compute("tempo", clicks);
  REQUIRE(tempo.scalars.size() == 1);
  CHECK(tempo.scalar_names[0] == "tempo");
  CHECK(tempo.scalars[0] == Approx(120).epsilon(0.03));
}

TEST_CASE("every feature of silence, a constant, clipping, one click and a very short clip is finite") {
  audio::Clip clipped = sine(300, 1, 22050, 30);
  for (float& sample : clipped.samples) sample = std::fmin(1.0f, std::fmax(-1.0f, sample));
  audio::Clip click = constant(0, 22050);
  click.samples[11000] = 1;
  const std::vector<audio::Clip> clips = {constant(0, 22050),  constant(0.5f, 22050), clipped, click,
                                          constant(0.1f, 100), constant(0.1f, 1)};
  for (const auto& name : names_of_features()) {
    for (const auto& clip : clips) {
      INFO(name << " of " << clip.samples.size() << " samples");
      const Frames frames = compute(name, clip);
      CHECK(finite(frames));
      if (frames.rows > 0) CHECK(frames.frames == 1 + clip.samples.size() / 512);
    }
  }
}

TEST_CASE("any length of frame is transformed: powers of two, small factors, primes, odd numbers") {
  for (int n_fft : {16, 30, 64, 100, 101, 121, 257, 500, 512, 600, 1000, 1021, 1024, 1536, 2047, 2048, 4096}) {
    INFO("n_fft = " << n_fft);
    const auto tone = sine(22050.0 / n_fft * (n_fft / 4), 0.5);
    const auto centroid = compute("spectral_rolloff", tone,
                                  {{"n_fft", n_fft}, {"hop_length", 128}, {"center", false}, {"window", "boxcar"}});
    CHECK(centroid.row(0)[3] == Approx(22050.0 / n_fft * (n_fft / 4)).epsilon(1e-5));
  }
}

TEST_CASE("a set gives the rows of its features, by name and equal to the features alone") {
  const auto clip = sine(300, 2);
  const List features = {described("mfcc", {{"n_mfcc", 13}, {"delta", 2}}), described("rms"), described("tempo"),
                         described("onset_strength")};
  const auto all = std::any_cast<Frames>(make_step("feature.set", {{"features", features}})->apply(clip));
  REQUIRE(all.rows == 39 + 2);
  CHECK(all.names[2] == "mfcc_03");
  CHECK(all.names[13] == "mfcc_delta_01");
  CHECK(all.names[26] == "mfcc_delta2_01");
  CHECK(all.names[39] == "rms");
  CHECK(all.scalar_names == std::vector<std::string>{"tempo"});
  const auto alone = compute("mfcc", clip, {{"n_mfcc", 13}});
  for (size_t t = 0; t < alone.frames; ++t) CHECK(all.row(12)[t] == alone.row(12)[t]);
}

TEST_CASE("a summary has the mean, deviation and extremes of each row, and keeps numbers of the whole clip") {
  Frames frames;
  frames.rows = 1;
  frames.frames = 4;
  frames.values = {1, 2, 3, 6};
  frames.names = {"rms"};
  frames.scalar_names = {"tempo"};
  frames.scalars = {120};
  const auto step = make_step("feature.summary", {{"statistics", List{"mean", "std", "max", "min", "median"}}});
  const auto row = std::any_cast<feature::Description>(step->apply(frames));
  CHECK(row.names == std::vector<std::string>{"rms_mean", "rms_std", "rms_max", "rms_min", "rms_median", "tempo"});
  CHECK(row.values[0] == Approx(3));
  CHECK(row.values[1] == Approx(std::sqrt(3.5)));
  CHECK(row.values[2] == 6);
  CHECK(row.values[3] == 1);
  CHECK(row.values[4] == Approx(2.5));
  CHECK(row.values[5] == 120);
}

TEST_CASE("a summary refuses moments, which have no statistics") {
  Frames frames;
  frames.parts = {{"onset_detect", 0, 0, feature::Gives::times}};
  frames.times = {{{0.5, 1.25}}};
  const auto step = make_step("feature.summary", {});
  CHECK_THROWS_WITH(step->apply(frames),
                    "summary: 'onset_detect' gives times, which have no statistics; leave it out of the set");
}

TEST_CASE("what a feature cannot take is one line that names it, the value and the rule") {
  auto stereo = constant(0, 4000);
  stereo.channels = 2;
  CHECK(problem("mfcc", stereo) == "mfcc: takes a mono clip, got 2 channels; load it with mono = true");
  CHECK(problem("rms", constant(0, 0)) == "rms: the clip is empty");
  auto broken = constant(0, 4000);
  broken.samples[9] = std::nanf("");
  CHECK(problem("rms", broken) == "rms: the clip holds a number that is not finite, at sample 10");
  CHECK(problem("mfcc", constant(0, 100), {{"center", false}}) ==
        "mfcc: 'center' = false needs a clip of at least 2048 samples, got 100");
  CHECK(problem("mfcc", constant(0, 1000), {{"delta", 1}}) ==
        "mfcc: needs at least 9 frames for differences in time, got 2; take a longer clip or a smaller hop_length");
  CHECK(problem("mfcc", constant(0, 4000, 8000), {{"fmax", 5000}}) ==
        "mfcc: 'fmax' = 5000 is above half the clip's rate (4000 Hz)");
  CHECK(problem("spectral_contrast", constant(0, 4000, 8000)) ==
        "spectral_contrast: 'n_bands' = 6 puts a band at 6400 Hz, beyond half the clip's rate (4000 Hz)");
  CHECK(problem("spectral_centroid", constant(0, 4000), {{"n_ftt", 1024}}) ==
        "spectral_centroid: unknown option 'n_ftt' (did you mean 'n_fft'?); its options are n_fft, hop_length, "
        "win_length, window, center, pad_mode");
  CHECK_THROWS_WITH(make_step("feature.mfcc", {})->apply(std::string("song.mp3")), "mfcc: takes a clip, got a path");
  CHECK_THROWS_WITH(make_step("feature.set", {{"features", List{}}}), "set: needs at least one feature");
}

TEST_CASE("files have as many frames as courses say") {
  const auto shape_of = [](const std::string& name, long samples, const Map& options) {
    const auto frames = compute(name, constant(0.1f, static_cast<int>(samples)), options);
    return std::pair(frames.rows, frames.frames);
  };
  // a file of GTZAN; 30 s
  CHECK(shape_of("spectrogram", 661794, {}) == std::pair<size_t, size_t>(1025, 1293));
  CHECK(shape_of("melspectrogram", 661794, {}) == std::pair<size_t, size_t>(128, 1293));
  CHECK(shape_of("melspectrogram", 30 * 22050, {}) == std::pair<size_t, size_t>(128, 1292));
  CHECK(shape_of("melspectrogram", 30 * 22050, {{"n_mels", 192}, {"fmax", 8000}, {"hop_length", 256}}) ==
        std::pair<size_t, size_t>(192, 2584));
  CHECK(shape_of("mfcc", 30 * 22050, {{"center", false}}) == std::pair<size_t, size_t>(20, 1288));
}

TEST_CASE("every feature that frames a clip can be centred or not, with every padding, at odd sizes") {
  const auto clip = sine(300, 1.5);
  for (const auto& name : names_of_features()) {
    const Schema& schema = find_entry("feature." + name)->parameters;
    const auto has = [&](const std::string& option) {
      return std::any_of(schema.begin(), schema.end(), [&](const auto& p) { return p.name == option; });
    };
    if (!has("center") || (!has("n_fft") && !has("frame_length"))) continue;  // a tempogram has frames of frames
    INFO(name);
    CHECK(has("pad_mode"));
    const std::string size = has("n_fft") ? "n_fft" : "frame_length";
    for (const char* pad_mode : {"constant", "edge", "reflect"}) {
      for (const bool center : {true, false}) {
        const auto frames =
            compute(name, clip, {{"pad_mode", pad_mode}, {"center", center}, {size, 1201}, {"hop_length", 301}});
        CHECK(finite(frames));
        if (frames.rows > 0 && name != "onset_strength") {
          CHECK(frames.frames ==
                size_t(center ? 1 + (clip.samples.size() - 1) / 301 : 1 + (clip.samples.size() - 1201) / 301));
        }
      }
    }
  }
}
