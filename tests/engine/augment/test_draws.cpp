// What augment draws: within its ranges, by seed and content alone, whatever the threads; noise,
// crops, copies, profiles.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <complex>

#include "../data/scratch.h"
#include "../feature/signal.h"
#include "audio/arithmetic.h"
#include "audio/generator.h"
#include "audio/write.h"
#include "augment/effect.h"
#include "core/parallel.h"
#include "core/random.h"
#include "signal/fourier.h"

using namespace lumir;
using audio::Clip;

namespace {

Clip augmented(const std::string& name, const Clip& clip, const Map& options = {}) {
  return std::any_cast<Clip>(make_step("augment." + name, options)->apply(clip));
}

Clip tone(double frequency, double seconds = 1, int rate = 22050) {
  return (*audio::find_generator("audio.sine"))({{"frequency", frequency}, {"seconds", seconds}, {"rate", rate}});
}

std::string problem(const std::string& name, const Map& options) {
  try {
    make_step("augment." + name, options);
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

double rms(const Clip& clip) { return std::sqrt(audio::power_of(clip)); }

struct SeedScope {
  explicit SeedScope(uint64_t seed) : before(global_seed()) { set_global_seed(seed); }
  ~SeedScope() { set_global_seed(before); }
  uint64_t before;
};

Clip difference(const Clip& a, const Clip& b) {
  Clip out = a;
  for (size_t i = 0; i < out.samples.size(); ++i) out.samples[i] -= b.samples[i];
  return out;
}

/// Mean power of the bins from `low` to before `high` Hz, over pieces of 4096 samples.
double band_power(const Clip& clip, double low, double high) {
  constexpr int kSize = 4096;
  const signal::Fourier fourier(kSize);
  std::vector<double> frame(kSize), re(static_cast<size_t>(fourier.bins())), im(re.size());
  double sum = 0;
  size_t count = 0;
  for (size_t from = 0; from + kSize <= clip.length(); from += kSize) {
    for (size_t i = 0; i < kSize; ++i) {
      frame[i] = clip.samples[from + i] * (1 - std::cos(2 * M_PI * static_cast<double>(i) / kSize));
    }
    fourier.forward(frame.data(), 1, re.data(), im.data());
    for (size_t k = 0; k < re.size(); ++k) {
      const double frequency = static_cast<double>(k) * clip.rate / kSize;
      if (frequency < low || frequency >= high) continue;
      sum += re[k] * re[k] + im[k] * im[k];
      ++count;
    }
  }
  return sum / static_cast<double>(count);
}

}  // namespace

TEST_CASE("a range is drawn from evenly, anew for each clip") {
  const SeedScope seed(1);
  std::vector<double> drawn;
  for (int k = 0; k < 400; ++k) {
    const Clip clip = tone(100 + k, 0.01);
    const Clip out = augmented("gain", clip, {{"db", List{-10, 10}}});
    drawn.push_back(20 * std::log10(rms(out) / rms(clip)));
  }
  std::sort(drawn.begin(), drawn.end());
  CHECK(drawn.front() >= -10.001);
  CHECK(drawn.back() <= 10.001);
  CHECK(drawn[100] == Approx(-5).margin(1.5));
  CHECK(drawn[200] == Approx(0).margin(1.5));
  CHECK(drawn[300] == Approx(5).margin(1.5));
}

TEST_CASE("an integer's range gives each whole number, both ends included") {
  std::vector<int> counts(20);
  for (int k = 0; k < 300; ++k) {
    const Clip out = augmented("quantize", tone(100 + k, 0.1), {{"bits", List{2, 4}}});
    Floats levels = out.samples;
    std::sort(levels.begin(), levels.end());
    const auto different = std::unique(levels.begin(), levels.end()) - levels.begin();
    ++counts[static_cast<size_t>(different)];
  }
  CHECK(counts[4] + counts[8] + counts[16] == 300);
  for (const int levels : {4, 8, 16}) CHECK(counts[static_cast<size_t>(levels)] > 60);
}

TEST_CASE("draws follow seed and content, never threads") {
  std::vector<Clip> clips;
  for (int k = 0; k < 12; ++k) clips.push_back(tone(200 + 10 * k, 0.2));
  const StepPtr step =
      make_chain({make_step("augment.noise", {{"snr", List{0, 20}}, {"color", "pink"}}),
                  make_step("augment.crop", {{"seconds", 0.1}}), make_step("augment.degrade", {{"profile", "vinyl"}})});
  const auto all = [&](int threads) {
    set_thread_count(threads);
    std::vector<Floats> out(clips.size());
    parallel_for(clips.size(), [&](size_t i) { out[i] = std::any_cast<Clip>(step->apply(clips[i])).samples; });
    set_thread_count(0);
    return out;
  };
  const auto one = all(1);
  CHECK(all(4) == one);
  CHECK(one[0] != one[1]);
  const SeedScope other(99);
  CHECK(all(1) != one);
}

TEST_CASE("a seed of its own beats lumir.seed's, and both are in the key") {
  const Clip clip = tone(440, 0.1);
  const Map own{{"snr", 10}, {"seed", 5}};
  const auto first = augmented("noise", clip, own).samples;
  const std::string key = make_step("augment.noise", own)->key();
  const std::string free_key = make_step("augment.noise", {{"snr", 10}})->key();
  const SeedScope other(99);
  CHECK(augmented("noise", clip, own).samples == first);
  CHECK(make_step("augment.noise", own)->key() == key);
  CHECK(make_step("augment.noise", {{"snr", 10}})->key() != free_key);
  CHECK(make_step("augment.copies", {{"n", 2}, {"steps", make_step("augment.noise", own)->description()}})->key() !=
        key);
}

TEST_CASE("probability is the share of clips that are changed") {
  int changed = 0;
  for (int k = 0; k < 400; ++k) {
    const Clip clip = tone(100 + k, 0.01);
    changed += augmented("gain", clip, {{"db", -6}, {"probability", 0.25}}).samples != clip.samples;
  }
  CHECK(changed == Approx(100).margin(30));
}

TEST_CASE("what no range can be is said in one line when the step is made") {
  CHECK(problem("gain", {{"db", List{6, -6}}}) == "gain: 'db' = { 6, -6 } must be { low, high }");
  CHECK(problem("gain", {{"db", List{1, 2, 3}}}) == "gain: 'db' must be a number or { low, high }, got { 1, 2, 3 }");
  CHECK(problem("gain", {{"db", "loud"}}) == "gain: 'db' must be a number or { low, high }, got 'loud'");
  CHECK(problem("gain", {{"db", List{0, 500}}}) == "gain: 'db' = 500 is out of range (-200 to 200)");
  CHECK(problem("quantize", {{"bits", List{2.5, 4}}}) == "quantize: 'bits' must be an integer, got 2.5");
  CHECK(problem("gain", {{"gain", 3}}) == "gain: unknown option 'gain'; its options are db, probability, seed");
  CHECK(problem("copies", {{"n", 2}}) == "copies: 'steps' is missing (what makes each of them, in order)");
}

TEST_CASE("noise lies as far below the clip as was asked for") {
  const Clip clip = tests::golden_signal(22050);
  for (const char* color : {"white", "pink", "brown", "blue", "violet", "crackle"}) {
    INFO(color);
    const Clip noise = difference(augmented("noise", clip, {{"snr", 15}, {"color", color}}), clip);
    CHECK(20 * std::log10(rms(clip) / rms(noise)) == Approx(15).margin(0.01));
  }
  const Clip silence{Floats(1000), 1, 22050};
  CHECK(augmented("noise", silence, {{"snr", 0}}).samples == silence.samples);
}

TEST_CASE("colours have their slope") {
  Clip clip = tone(440, 20);
  const std::vector<std::pair<const char*, double>> slopes{
      {"white", 0}, {"pink", -3.01}, {"brown", -6.02}, {"blue", 3.01}, {"violet", 6.02}};
  for (const auto& [color, slope] : slopes) {
    INFO(color);
    Clip noise = difference(augmented("noise", clip, {{"snr", -60}, {"color", color}}), clip);
    for (const double low : {100.0, 400.0, 1600.0}) {
      const double octaves = 10 * std::log10(band_power(noise, 4 * low, 6 * low) / band_power(noise, low, 1.5 * low));
      CHECK(octaves == Approx(2 * slope).margin(0.5));
    }
  }
}

TEST_CASE("noise of two channels is not the same in both") {
  Clip both{tone(440).samples, 2, 22050};
  both.samples.insert(both.samples.end(), both.samples.begin(), both.samples.begin() + 22050);
  const Clip noise = difference(augmented("noise", both, {{"snr", 0}}), both);
  CHECK(noise.channel(0)[100] != noise.channel(1)[100]);
}

TEST_CASE("noise is cut from recordings, at random places; a short one comes again and again") {
  const tests::ScratchFolder folder;
  const std::string path = folder.path("ramp.wav");
  Clip ramp{{}, 1, 8000};
  for (int i = 0; i < 80000; ++i) ramp.samples.push_back(static_cast<float>(i + 1) / 100000);
  audio::WriteOptions exact;
  exact.subtype = "float";
  audio::write(path, ramp, exact);
  const Clip clip{Floats(8000, 0.5f), 1, 8000};
  const Map options{{"snr", 0}, {"files", List{path}}};
  const Clip noise = difference(augmented("noise", clip, options), clip);
  const double step = noise.samples[4000] - noise.samples[3999];
  const double begin = noise.samples[0] / step;  // which sample of the ramp it began with
  CHECK(begin > 1);
  CHECK(begin < 72001);
  CHECK(noise.samples[7999] / step == Approx(begin + 7999).epsilon(1e-3));
  CHECK(rms(noise) == Approx(0.5).epsilon(1e-4));
  const SeedScope other(17);
  CHECK(augmented("noise", clip, options).samples[0] != Approx(noise.samples[0] + 0.5f));

  audio::write(folder.path("short.wav"), {{0.5f, -0.25f, 0.125f}, 1, 8000}, exact);
  const Clip loop = difference(augmented("noise", clip, {{"snr", 0}, {"files", List{folder.path("short.wav")}}}), clip);
  for (size_t i = 0; i + 3 < 100; ++i) CHECK(loop.samples[i] == Approx(loop.samples[i + 3]));

  const std::string key = make_step("augment.noise", options)->key();
  audio::write(path, clip, exact);
  CHECK(make_step("augment.noise", options)->key() != key);  // the file's content is part of it
}

TEST_CASE("a crop is a piece of the clip; a shorter clip stays whole") {
  Clip ramp{{}, 1, 100};
  for (int i = 0; i < 1000; ++i) ramp.samples.push_back(static_cast<float>(i));
  Floats begins;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const SeedScope scope(seed);
    const Clip out = augmented("crop", ramp, {{"seconds", 2}});
    REQUIRE(out.length() == 200);
    for (size_t i = 1; i < 200; ++i) REQUIRE(out.samples[i] == out.samples[0] + static_cast<float>(i));
    begins.push_back(out.samples[0]);
  }
  CHECK(*std::min_element(begins.begin(), begins.end()) < 100);
  CHECK(*std::max_element(begins.begin(), begins.end()) > 700);
  CHECK(augmented("crop", ramp, {{"seconds", 20}}).samples == ramp.samples);
}

TEST_CASE("copies differ from each other, come again, and a chain goes on with each") {
  const Clip clip = tests::golden_signal(22050);
  const Value crop = make_step("augment.crop", {{"seconds", 1}})->description();
  const Value gain = make_step("augment.gain", {{"db", List{-20, 0}}})->description();
  const Map options{{"n", 3}, {"steps", List{crop, gain}}};
  const StepPtr copies = make_step("augment.copies", options);
  const auto several = std::any_cast<Several>(copies->apply(clip));
  REQUIRE(several.size() == 3);
  const auto samples = [](const std::any& one) { return std::any_cast<const Clip&>(one).samples; };
  CHECK(samples(several[0]) != samples(several[1]));
  CHECK(samples(several[1]) != samples(several[2]));
  CHECK(samples(std::any_cast<Several>(copies->apply(clip))[2]) == samples(several[2]));

  const StepPtr chain =
      make_chain({copies, make_step("audio.excerpts", {{"seconds", 0.4}}), make_step("audio.normalize", {})});
  const auto pieces = std::any_cast<Several>(chain->apply(clip));
  REQUIRE(pieces.size() == 6);
  for (const auto& piece : pieces) {
    const auto& held = std::any_cast<const Clip&>(piece);
    CHECK(held.length() == 8820);
  }
  CHECK(std::any_cast<Several>(make_step(copies->description())->apply(clip)).size() == 3);
}

TEST_CASE("copies need steps from clip to clip") {
  const Map options{{"n", 1}, {"steps", make_step("audio.excerpts", {})->description()}};
  CHECK_THROWS_WITH(make_step("augment.copies", options)->apply(tone(440, 10)),
                    "copies: excerpts gives several things, a clip is needed");
}

TEST_CASE("every profile gives the same sound again, at full scale, at any rate") {
  for (const char* profile : {"live", "radio", "smartphone", "smartphone_recording", "mp3", "vinyl"}) {
    for (const int rate : {8000, 22050, 44100}) {
      INFO(profile << " at " << rate);
      const Clip clip = tests::golden_signal(rate);
      const Clip out = augmented("degrade", clip, {{"profile", profile}});
      CHECK(out.rate == rate);
      CHECK(out.seconds() == Approx(clip.seconds()).epsilon(0.03));
      float loudest = 0;
      for (const float sample : out.samples) loudest = std::max(loudest, std::fabs(sample));
      CHECK(loudest == Approx(1));
      CHECK(augmented("degrade", clip, {{"profile", profile}}).samples == out.samples);
    }
  }
}

TEST_CASE("profiles do what their names say") {
  const Clip clip = tests::golden_signal(22050);
  const auto bass_share = [](const Clip& one) { return band_power(one, 200, 250) / band_power(one, 850, 900); };
  const Clip phone = augmented("degrade", clip, {{"profile", "smartphone"}});
  CHECK(bass_share(phone) < 0.01 * bass_share(clip));
  const Clip radio = augmented("degrade", clip, {{"profile", "radio"}});
  CHECK(radio.length() == static_cast<size_t>(std::lround(66150 / 1.02)));
  const auto last_quarter = [](const Clip& one) {
    const double second = one.seconds() / 4;
    return rms(audio::part(one, 3.4 * second, 3.9 * second)) / rms(audio::part(one, 0, second));
  };
  CHECK(last_quarter(radio) > 1.5 * last_quarter(clip));
  const Clip live = augmented("degrade", clip, {{"profile", "live"}});
  CHECK(last_quarter(live) > 3 * last_quarter(clip));
}
