// Effects against scipy, librosa and pedalboard (numbers by tests/golden/effects/make.py), and
// by what must hold of them.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <set>

#include "../data/scratch.h"
#include "../feature/signal.h"
#include "audio/arithmetic.h"
#include "audio/generator.h"
#include "audio/write.h"
#include "augment/convolution.h"
#include "core/file.h"
#include "core/random.h"
#include "core/step.h"
#include "engine/worse.h"
#include "tree.h"

using namespace lumir;
using audio::Clip;

namespace {

Clip run(const std::string& name, const Clip& clip, const Map& options) {
  return std::any_cast<Clip>(make_step(name, options)->apply(clip));
}

Clip effect(const std::string& name, const Clip& clip, const Map& options = {}) {
  return run("audio." + name, clip, options);
}

std::string problem(const std::string& name, const Clip& clip, const Map& options) {
  try {
    run(name, clip, options);
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

Clip tone(double frequency, double seconds = 1, int rate = 22050, double amplitude = 1) {
  return (*audio::find_generator("audio.sine"))(
      {{"frequency", frequency}, {"seconds", seconds}, {"rate", rate}, {"amplitude", amplitude}});
}

Clip white(size_t length, int rate = 22050) {
  Clip clip{Floats(length), 1, rate};
  Random random(7);
  for (float& sample : clip.samples) sample = static_cast<float>(0.2 * random.normal());
  return clip;
}

Clip stereo(const Clip& left, const Clip& right) {
  Clip both{left.samples, 2, left.rate};
  both.samples.insert(both.samples.end(), right.samples.begin(), right.samples.end());
  return both;
}

/// Amplitude of a frequency in the samples from `first` on, through a Hann window.
double strength(const Clip& clip, double frequency, size_t first = 0, size_t count = 0) {
  if (count == 0) count = clip.length() - first;
  std::complex<double> sum = 0;
  double weights = 0;
  for (size_t i = 0; i < count; ++i) {
    const double window =
        1 - std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(count));
    const double angle = 2 * std::numbers::pi * frequency * static_cast<double>(first + i) / clip.rate;
    sum += window * static_cast<double>(clip.samples[first + i]) * std::polar(1.0, -angle);
    weights += window;
  }
  return 2 * std::abs(sum) / weights;
}

double largest_difference(const Clip& a, const Clip& b) {
  REQUIRE(a.samples.size() == b.samples.size());
  double largest = 0;
  for (size_t i = 0; i < a.samples.size(); ++i)
    largest = testing::worse(largest, std::fabs(double{a.samples[i]} - b.samples[i]));
  return largest;
}

double rms(const Clip& clip) { return std::sqrt(audio::power_of(clip)); }

/// The response of make.py: a direct sound and two echoes.
Clip room_response(int rate) {
  Clip clip{Floats(3000), 1, rate};
  clip.samples[100] = 0.5f;
  clip.samples[900] = -0.25f;
  clip.samples[2999] = 0.125f;
  return clip;
}

}  // namespace

TEST_CASE("effects agree with scipy, librosa and pedalboard") {
  const std::string path = LUMIR_ROOT "/tests/golden/effects/effects.json";
  const Value golden = from_json(read_file(path), path);
  const auto rate = static_cast<int>(*golden.at("rate").number());
  const tests::ScratchFolder folder;
  audio::write(folder.path("response.wav"), room_response(rate));
  for (const Value& wanted : *golden.at("cases").list()) {
    Map options = *wanted.at("options").map();
    if (options.contains("response")) options["response"] = folder.path(*options["response"].text());
    const std::string name = *wanted.at("effect").text();
    INFO(name << " " << show(options));
    const Clip out = effect(name, tests::golden_signal(rate), options);
    REQUIRE(static_cast<double>(out.length()) == *wanted.at("length").number());
    const double level = *wanted.at("rms").number();
    CHECK(rms(out) == Approx(level).epsilon(2e-5));
    for (size_t i = 0; i < wanted.at("at").list()->size(); ++i) {
      const auto at = static_cast<size_t>(*(*wanted.at("at").list())[i].number());
      INFO("at " << at);
      CHECK(out.samples[at] == Approx(*(*wanted.at("values").list())[i].number()).epsilon(1e-4).margin(1e-4 * level));
    }
  }
}

TEST_CASE("convolution by blocks is the sum that it stands for") {
  for (const auto& [length, response_length] :
       std::vector<std::pair<size_t, size_t>>{{1, 1}, {5, 900}, {9000, 1300}, {5000, 1}}) {
    const Clip clip = white(length);
    std::vector<double> response(response_length);
    Random random(3);
    for (double& value : response) value = random.normal();
    const auto out = augment::convolved(clip.samples, response);
    REQUIRE(out.size() == length + response_length - 1);
    for (size_t n = 0; n < out.size(); n += 1 + out.size() / 50) {
      double sum = 0;
      for (size_t k = 0; k < response_length; ++k) {
        if (n >= k && n - k < length) sum += response[k] * double{clip.samples[n - k]};
      }
      CHECK(out[n] == Approx(sum).margin(1e-11));
    }
  }
}

TEST_CASE("gain is in decibels of amplitude") {
  CHECK(effect("gain", tone(440), {{"db", 20}}).samples[25] == Approx(10 * tone(440).samples[25]));
  CHECK(rms(effect("gain", tone(440), {{"db", -6}})) == Approx(rms(tone(440)) * 0.501187));
}

TEST_CASE("a filter's cutoff lies 3 dB down, and must lie below half the rate") {
  const double passed = strength(effect("low_pass", tone(3000), {{"cutoff", 3000}, {"order", 6}}), 3000, 5000);
  CHECK(passed == Approx(std::sqrt(0.5)).epsilon(1e-3));
  CHECK(problem("audio.low_pass", tone(440), {{"cutoff", 12000}}) ==
        "low_pass: 'cutoff' = 12000 Hz is not below half the clip's rate (11025 Hz)");
  CHECK(problem("audio.band_pass", tone(440), {{"low", 500}, {"high", 400}}) ==
        "band_pass: 'low' = 500 Hz is not below 'high' = 400 Hz");
}

TEST_CASE("clipping cuts off the share of samples that was asked for") {
  const Clip noise = white(10000);
  const Clip out = effect("clipping", noise, {{"percent", 10}});
  const float limit = *std::max_element(out.samples.begin(), out.samples.end());
  size_t changed = 0;
  for (size_t i = 0; i < noise.samples.size(); ++i) {
    changed += std::fabs(noise.samples[i]) >= limit;
    CHECK(std::fabs(out.samples[i]) <= limit);
  }
  CHECK(changed == 1000);
  CHECK(effect("clipping", noise, {{"percent", 0}}).samples == noise.samples);
}

TEST_CASE("quantised samples have 2^bits levels and lie within half a step") {
  Clip ramp{{}, 1, 1000};
  for (int i = -1000; i < 1000; ++i) ramp.samples.push_back(static_cast<float>(i) / 1000);
  const Clip out = effect("quantize", ramp, {{"bits", 4}});
  CHECK(std::set<float>(out.samples.begin(), out.samples.end()).size() == 16);
  for (size_t i = 0; i < 1900; ++i) CHECK(std::fabs(out.samples[i] - ramp.samples[i]) <= 0.0625f);
  CHECK(*std::max_element(out.samples.begin(), out.samples.end()) == 0.875f);
}

TEST_CASE("a delay that is all echo only shifts") {
  const Clip noise = white(1000, 1000);
  const Clip out = effect("delay", noise, {{"seconds", 0.1}, {"mix", 1}});
  CHECK(out.samples[99] == 0);
  for (size_t i = 100; i < 1000; ++i) CHECK(out.samples[i] == noise.samples[i - 100]);
  CHECK(effect("delay", noise, {{"seconds", 0}}).samples == noise.samples);
}

TEST_CASE("compression turns decibels above the threshold into fewer") {
  const Map slow{{"threshold", -30}, {"ratio", 4}, {"averaging", 0.05}, {"attack", 0.01}, {"release", 0.01}};
  const double sine = 20 * std::log10(std::sqrt(0.5));  // RMS of a full sine
  for (const double level : {-40.0, -20.0, -6.0}) {
    const double amplitude = std::pow(10, (level - sine) / 20);
    const Clip out = effect("compress", tone(1000, 2, 22050, amplitude), slow);
    const double expected = level <= -30 ? level : -30 + (level + 30) / 4;
    CHECK(20 * std::log10(strength(out, 1000, 22050)) + sine == Approx(expected).margin(0.05));
  }
}

TEST_CASE("a compressor's time constants and knee are those that were asked for") {
  Clip step{Floats(2000, 0.001f), 1, 1000};  // -60 dB, then 0 dB
  std::fill(step.samples.begin() + 1000, step.samples.end(), 1.0f);
  const Clip out = effect("compress", step, {{"threshold", -20}, {"ratio", 2}, {"attack", 0.1}});
  // 100 ms after the step, 1 - 1/e of the final 10 dB are gone
  CHECK(20 * std::log10(out.samples[1099]) == Approx(-10 * (1 - std::exp(-1))).margin(0.01));
  CHECK(out.samples[1999] == Approx(std::pow(10, -0.5)).epsilon(1e-3));
  const Map knee{{"threshold", -20}, {"ratio", 2}, {"attack", 0}, {"release", 0}, {"knee", 20}};
  Clip at_threshold{Floats(100, 0.1f), 1, 1000};
  CHECK(20 * std::log10(effect("compress", at_threshold, knee).samples[50]) == Approx(-20 - 0.5 * 100 / 40));
}

TEST_CASE("a compressor keeps the balance of the channels") {
  const Clip both = stereo(tone(440), tone(440, 1, 22050, 0.1));
  const Clip out = effect("compress", both, {{"threshold", -30}});
  CHECK(out.channels == 2);
  for (const size_t i : {5000u, 15000u}) {
    CHECK(out.channel(1)[i] == Approx(0.1 * out.channel(0)[i]).epsilon(1e-4));
  }
}

TEST_CASE("distortion adds odd harmonics") {
  const Clip out = effect("distort", tone(441, 1, 22050, 0.5), {{"times", 1}});
  CHECK(out.samples[10] == Approx(std::sin(tone(441, 1, 22050, 0.5).samples[10] * std::numbers::pi / 2)));
  CHECK(strength(out, 3 * 441) > 0.01);
  CHECK(strength(out, 2 * 441) < 1e-5);
}

TEST_CASE("a made room's sound falls by 60 dB in the time that was asked for") {
  Clip click{Floats(44100), 1, 22050};
  click.samples[0] = 1;
  const Clip out = effect("reverb", click, {{"decay", 1.5}, {"mix", 1}});
  std::vector<double> left(out.length());  // Schroeder's backward integration
  double energy = 0;
  for (size_t i = out.length(); i-- > 0;) left[i] = energy += double{out.samples[i]} * out.samples[i];
  CHECK(left[0] == Approx(1).epsilon(1e-5));
  const auto falls_to = [&](double db) {
    const auto below = [&](double e) { return 10 * std::log10(e / left[0]) < db; };
    return static_cast<double>(std::find_if(left.begin(), left.end(), below) - left.begin()) / 22050;
  };
  CHECK(2 * (falls_to(-35) - falls_to(-5)) == Approx(1.5).epsilon(0.03));
  CHECK(largest_difference(out, effect("reverb", click, {{"decay", 1.5}, {"mix", 1}, {"room", 2}})) > 0.01);
}

TEST_CASE("speed moves pitch and length together") {
  const Clip out = effect("speed", tone(1000, 2), {{"rate", 1.25}});
  CHECK(out.length() == 35280);
  double largest = 0;
  for (size_t i = 500; i < 34500; ++i) {
    const double expected = std::sin(2 * std::numbers::pi * 1250 * static_cast<double>(i) / 22050);
    largest = testing::worse(largest, std::fabs(expected - out.samples[i]));
  }
  CHECK(largest < 2e-3);
  const Clip glide = effect("speed", tone(1000, 2), {{"rate", 1}, {"final_rate", 2}});
  CHECK(glide.length() == static_cast<size_t>(std::lround(44100 * std::log(2.0))));
  CHECK(strength(glide, 1000, 0, 512) > 0.9);
  CHECK(strength(glide, 2000, glide.length() - 600, 512) > 0.8);
}

TEST_CASE("wow brings each moment when its formula says") {
  const double depth = 0.02, f = 1.5, pitch = 500;
  const Clip out = effect("wow", tone(pitch, 3), {{"percent", 100 * depth}, {"frequency", f}});
  CHECK(out.length() == static_cast<size_t>(std::lround(3 * 22050 + depth * std::sin(2 * std::numbers::pi * f * 3) /
                                                                        (2 * std::numbers::pi * f) * 22050)));
  double largest = 0;
  for (size_t i = 500; i + 500 < out.length(); ++i) {
    const double y = static_cast<double>(i) / 22050, turn = 2 * std::numbers::pi * f;
    double x = y;
    for (int k = 0; k < 60; ++k) x = y - depth * std::sin(turn * x) / turn;
    largest = testing::worse(largest, std::fabs(std::sin(2 * std::numbers::pi * pitch * x) - out.samples[i]));
  }
  CHECK(largest < 1e-2);
}

TEST_CASE("stretching keeps the pitch, shifting keeps the length") {
  const Clip slow = effect("time_stretch", tone(880, 2), {{"rate", 0.8}});
  CHECK(slow.length() == 55125);
  CHECK(strength(slow, 880, 5000, 40000) > 0.85);
  const Clip high = effect("pitch_shift", tone(880, 2), {{"n_steps", 12}});
  CHECK(high.length() == 44100);
  CHECK(strength(high, 1760, 5000, 34000) > 0.85);
  CHECK(strength(high, 880, 5000, 34000) < 0.01);
}

TEST_CASE("what has been through a codec lies where it was, and has lost its heights") {
  Clip song = tests::golden_signal(44100);
  const Clip out = effect("codec", song, {{"bit_rate", 128000}});
  REQUIRE(out.length() == song.length());
  double same = 0, shifted = 0, power = 0;
  for (size_t i = 1000; i < 90000; ++i) {
    same += double{song.samples[i]} * out.samples[i];
    shifted += double{song.samples[i]} * out.samples[i + 20];
    power += double{song.samples[i]} * song.samples[i];
  }
  CHECK(same / power > 0.9);
  CHECK(shifted / power < 0.9);
  const Clip noise = white(44100, 44100);
  const Clip poor = effect("codec", noise, {{"bit_rate", 32000}});
  CHECK(rms(effect("high_pass", poor, {{"cutoff", 15000}})) <
        0.05 * rms(effect("high_pass", noise, {{"cutoff", 15000}})));
  CHECK(effect("codec", song, {{"format", "ogg"}, {"bit_rate", 96000}}).length() == song.length());
}

TEST_CASE("a codec takes clips of any rate, and refuses what it cannot hold in one line") {
  const Clip odd = tone(440, 0.5, 37000);
  const Clip out = effect("codec", odd, {{"bit_rate", 100000}});
  CHECK(out.rate == 37000);
  CHECK(out.length() == odd.length());
  CHECK(strength(out, 440, 2000, 14000) == Approx(1).epsilon(0.1));
  CHECK(effect("codec", tone(440, 0.5, 192000)).length() == 96000);
  Clip three = tone(440);
  three.samples.resize(3 * 7350);
  three.channels = 3;
  CHECK(problem("audio.codec", three, {}) == "codec: mp3 holds one or two channels, the clip has 3");
}

TEST_CASE("every effect takes two channels, keeps them apart, and takes nothing at all") {
  const Clip left = tests::golden_signal(22050), right = white(left.length());
  for (const Entry* entry : entries("augment")) {
    const std::string name = entry->name;
    const std::string full = "audio." + name;
    if (!is_step(full)) continue;
    INFO(name);
    const Clip both = effect(name, stereo(left, right));
    CHECK(both.channels == 2);
    CHECK(both.rate == 22050);
    for (const float sample : both.samples) REQUIRE(std::isfinite(sample));
    // these look at both channels at once
    if (name != "compress" && name != "clipping" && name != "codec") {
      CHECK(largest_difference(audio::one_channel(both, 1), effect(name, right)) == 0);
    }
    CHECK(effect(name, {{}, 1, 22050}).length() == 0);
    CHECK(effect(name, {{0, 0, 0}, 1, 22050}).length() == 3);
  }
}
