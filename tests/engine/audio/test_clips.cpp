// What is done to clips: resampling, trimming, lengths, levels, test signals, and how a clip shows.

#include <cmath>
#include <csignal>

#include <catch2/catch.hpp>

#include "audio/arithmetic.h"
#include "audio/generator.h"
#include "audio/join.h"
#include "audio/loudness.h"
#include "audio/resample.h"
#include "audio/show.h"
#include "core/file.h"
#include "core/interrupt.h"
#include "core/step.h"
#include "tree.h"

using namespace lumir;
using audio::Clip;

namespace {

const Value& golden() {
  static const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/audio/audio.json";
  static const Value value = from_json(read_file(path), path);
  return value;
}

Clip generate(const std::string& name, const Map& options) {
  return (*audio::find_generator("audio." + name))(options);
}

template <class T = Clip>
T run(const std::string& name, const Clip& clip, const Map& options = {}) {
  return std::any_cast<T>(make_step("audio." + name, options)->apply(clip));
}

/// The two tones of tests/golden/audio/make.py.
Clip two_tones() {
  Clip clip = generate("sine", {{"frequency", 440}});
  const Clip high = generate("sine", {{"frequency", 6000}, {"amplitude", 0.25}});
  for (size_t i = 0; i < clip.length(); ++i) clip.samples[i] += high.samples[i];
  return clip;
}

void check_described(const Clip& clip, const Value& expected, double margin) {
  REQUIRE(static_cast<double>(clip.length()) == *expected.at("length").number());
  for (size_t i = 0; i < expected.at("at").list()->size(); ++i) {
    const auto at = static_cast<size_t>(*(*expected.at("at").list())[i].number());
    INFO("at " << at);
    CHECK(clip.samples[at] == Approx(*(*expected.at("values").list())[i].number()).margin(margin));
  }
}

}  // namespace

TEST_CASE("soxr qualities agree with librosa.resample") {
  for (const Value& one : *golden().at("resampled").list()) {
    INFO(show(one.at("quality")) << " to " << show(one.at("rate")));
    const Clip out = run("resample", two_tones(), {{"quality", one.at("quality")}, {"rate", one.at("rate")}});
    check_described(out, one, 2e-6);
  }
}

TEST_CASE("every quality keeps a tone and takes aliases away") {
  const Clip low = generate("sine", {{"frequency", 1000}, {"rate", 44100}});
  const Clip high = generate("sine", {{"frequency", 15000}, {"rate", 44100}});
  const auto level = [](const Clip& clip) {
    double sum = 0;
    for (size_t i = 2000; i + 2000 < clip.length(); ++i) sum += static_cast<double>(clip.samples[i]) * clip.samples[i];
    return std::sqrt(2 * sum / static_cast<double>(clip.length() - 4000));
  };
  for (const char* quality : {"soxr_vhq", "soxr_hq", "soxr_mq", "sinc_best", "sinc_medium", "sinc_fastest"}) {
    INFO(quality);
    CHECK(level(run("resample", low, {{"quality", quality}, {"rate", 22050}})) == Approx(1).margin(1e-3));
    CHECK(level(run("resample", high, {{"quality", quality}, {"rate", 22050}})) < 1e-4);
  }
}

TEST_CASE("resampling keeps channels apart and its length rule") {
  Clip stereo{Floats(2000), 2, 1000};
  for (size_t i = 0; i < 1000; ++i) stereo.channel(1)[i] = 0.5;
  const Clip out = run("resample", stereo, {{"rate", 1501}, {"quality", "sinc_fastest"}});
  CHECK(out.length() == 1501);
  CHECK(out.channel(0)[750] == 0);
  CHECK(out.channel(1)[750] == Approx(0.5).margin(1e-3));
  CHECK(run("resample", Clip{{}, 1, 1000}, {{"rate", 16000}}).length() == 0);
  CHECK_THROWS_WITH(run("resample", stereo, {{"rate", 768000}, {"quality", "sinc_best"}}),
                    "resample: 'rate' = 768000 is more than 256 times away from 1000, too far for 'sinc_best'");
}

TEST_CASE("trim cuts where librosa.effects.trim cuts") {
  const Clip sound = two_tones();
  Clip padded{Floats(10000), 1, 22050};
  padded.samples.insert(padded.samples.end(), sound.samples.begin(), sound.samples.end());
  padded.samples.resize(padded.samples.size() + 7000);
  const Clip trimmed = run("trim", padded, {{"top_db", 40}});
  const auto start = static_cast<size_t>(*golden().at("trim").at("start").number());
  const auto end = static_cast<size_t>(*golden().at("trim").at("end").number());
  CHECK(trimmed.length() == end - start);
  CHECK(trimmed.samples[5000] == padded.samples[start + 5000]);
}

TEST_CASE("trim leaves silence and empty clips as they are") {
  CHECK(run("trim", generate("silence", {{"seconds", 0.5}})).length() == 11025);
  CHECK(run("trim", Clip{{}, 1, 8000}).length() == 0);
}

TEST_CASE("fix_length cuts and fills every channel") {
  const Clip stereo{{1, 2, 3, 4, 5, 6}, 2, 10};
  CHECK(run("fix_length", stereo, {{"seconds", 0.2}}).samples == Floats{1, 2, 4, 5});
  CHECK(run("fix_length", stereo, {{"seconds", 0.4}}).samples == Floats{1, 2, 3, 0, 4, 5, 6, 0});
}

TEST_CASE("normalize scales by the loudest sample of all channels") {
  CHECK(run("normalize", {{0.25, -0.5, 0.125, 0}, 2, 10}).samples == Floats{0.5, -1, 0.25, 0});
  CHECK(run("normalize", {{0.5, 0.25}, 1, 10}, {{"peak", 0.5}}).samples == Floats{0.5, 0.25});
  CHECK(run("normalize", {{0, 0}, 1, 10}).samples == Floats{0, 0});
}

TEST_CASE("excerpts are equally long, overlap by their hop and leave a short rest out") {
  const Clip clip{{0, 1, 2, 3, 4, 5, 6}, 1, 1};
  const auto pieces = run<Several>("excerpts", clip, {{"seconds", 3}, {"hop", 2}});
  REQUIRE(pieces.size() == 3);
  CHECK(std::any_cast<Clip>(pieces[1]).samples == Floats{2, 3, 4});
  CHECK(run<Several>("excerpts", clip, {{"seconds", 3}}).size() == 2);
  CHECK(run<Several>("excerpts", clip, {{"seconds", 8}}).empty());
}

TEST_CASE("excerpts count in seconds or samples, and keep or fill a rest that no piece has covered") {
  const Clip clip{{0, 1, 2, 3, 4, 5, 6}, 1, 2};
  const auto samples = [&](const Map& options) {
    std::vector<Floats> out;
    for (const auto& piece : run<Several>("excerpts", clip, options)) out.push_back(std::any_cast<Clip>(piece).samples);
    return out;
  };
  using Pieces = std::vector<Floats>;
  CHECK(samples({{"samples", 3}}) == Pieces{{0, 1, 2}, {3, 4, 5}});
  CHECK(samples({{"samples", 3}, {"rest", "keep"}}) == Pieces{{0, 1, 2}, {3, 4, 5}, {6}});
  CHECK(samples({{"samples", 3}, {"rest", "fill"}}) == Pieces{{0, 1, 2}, {3, 4, 5}, {6, 0, 0}});
  CHECK(samples({{"seconds", 2}, {"overlap", 0.25}}) == Pieces{{0, 1, 2, 3}, {3, 4, 5, 6}});
  CHECK(samples({{"seconds", 2}, {"overlap", 0.25}, {"rest", "keep"}}) == Pieces{{0, 1, 2, 3}, {3, 4, 5, 6}});
  CHECK(samples({{"samples", 2}, {"hop_samples", 5}}) == Pieces{{0, 1}, {5, 6}});
  CHECK_THROWS_WITH(samples({{"hop", 1}, {"overlap", 0.5}}),
                    "excerpts: 'hop', 'hop_samples' and 'overlap' say the same thing; give one of them");
}

TEST_CASE("Ctrl-C stops those that make clips, and those that cut them into many pieces") {
  const Clip tone = generate("sine", {{"seconds", 0.1}});
  catch_interrupts();
  std::raise(SIGINT);
  for (const char* name : {"sine", "chirp", "clicks"}) CHECK_THROWS_AS(generate(name, {}), Interrupted);
  CHECK_THROWS_AS(run<Several>("excerpts", tone, {{"samples", 1}}), Interrupted);
  clear_interrupt();
}

TEST_CASE("a click that is longer than its clip is cut off, however long it is") {
  const Clip long_click = generate("clicks", {{"seconds", 0.01}, {"click_duration", 1e9}});
  CHECK(long_click.length() == 221);
  CHECK(long_click.samples[1] == Approx(std::sin(2 * M_PI * 1000 / 22050)));
}

TEST_CASE("a sine has its frequency, amplitude and length") {
  const Clip sine = generate("sine", {{"frequency", 5512.5}, {"amplitude", 0.5}, {"seconds", 2}});
  CHECK(sine.length() == 44100);
  CHECK(sine.samples[0] == 0);
  CHECK(sine.samples[1] == Approx(0.5));
  CHECK(sine.samples[44099] == Approx(-0.5).margin(1e-6));
}

TEST_CASE("chirp and clicks agree with librosa") {
  const Map span{{"fmin", 110}, {"fmax", 880}};
  check_described(generate("chirp", span), golden().at("chirp"), 1e-5);
  check_described(generate("chirp", {{"fmin", 110}, {"fmax", 880}, {"linear", true}}), golden().at("chirp_linear"),
                  1e-5);
  check_described(generate("clicks", {{"times", List{0, 0.5}}}), golden().at("clicks"), 1e-5);
  CHECK(generate("clicks", {{"tempo", 120}}).samples == generate("clicks", {{"times", List{0, 0.5}}}).samples);
}

TEST_CASE("a generator checks its options") {
  CHECK_THROWS_WITH(
      generate("sine", {{"frequncy", 1}}),
      "sine: unknown option 'frequncy' (did you mean 'frequency'?); its options are seconds, rate, frequency, "
      "amplitude, phase");
  CHECK_THROWS_WITH(generate("silence", {{"seconds", 86400}, {"rate", 768000}}),
                    "silence: 'seconds' = 86400 is too long at 768000 Hz (2147483647 samples at most)");
}

TEST_CASE("a clip shows its length, rate, channels, levels and outline") {
  Clip clip = generate("sine", {{"frequency", 500}, {"seconds", 24.3}, {"rate", 16000}, {"amplitude", 0.5}});
  std::fill(clip.samples.begin(), clip.samples.begin() + 16000 * 12, 0.0f);
  const std::string text = audio::show(clip);
  const std::string first = "Clip  0:24.3 · 16,000 Hz · mono · peak -6.0 dB · rms -12.0 dB";
  CHECK(text.substr(0, text.find('\n')) == first);
  CHECK(text.substr(text.find('\n') + 1) == "  " + std::string(38, ' ') + std::string(39, '@'));
}

TEST_CASE("odd clips show too") {
  CHECK(audio::show(Clip{{}, 1, 8000}) == "Clip  0:00.0 · 8,000 Hz · mono · peak -inf dB · rms -inf dB\n  ");
  CHECK(audio::show(Clip{{1, -1}, 2, 1}) == "Clip  0:01.0 · 1 Hz · stereo · peak 0.0 dB · rms 0.0 dB\n  @");
  CHECK(audio::clock_time(3723.45) == "1:02:03.5");
  CHECK(audio::clock_time(59.96) == "1:00.0");
}

TEST_CASE("clips are scaled, mixed, cut and taken apart") {
  const Clip a{{1, 2, 3, 4}, 2, 10}, b{{10, 20, 30, 40, 50, 60}, 2, 10};
  CHECK(audio::scale(a, 0.5).samples == Floats{0.5, 1, 1.5, 2});
  CHECK(audio::mix(a, b).samples == Floats{11, 22, 30, 43, 54, 60});
  CHECK(audio::mix(b, a).samples == audio::mix(a, b).samples);
  CHECK(audio::part(b, 0.1, 0.3).samples == Floats{20, 30, 50, 60});
  CHECK(audio::one_channel(b, 1).samples == Floats{40, 50, 60});
  CHECK_THROWS_WITH(audio::mix(a, Clip{{1}, 1, 10}), "mix: 2 and 1 channels do not fit");
  CHECK_THROWS_WITH(audio::part(a, 0.2, 0.1), "part: 0.2 to 0.1 s is not inside 0 to 0.2 s");
}

TEST_CASE("loudness is that of the signals that EBU Tech 3341 describes") {
  const auto tone = [](double db, double seconds) {
    const Clip one = generate(
        "sine", {{"frequency", 1000}, {"seconds", seconds}, {"rate", 48000}, {"amplitude", std::pow(10, db / 20)}});
    Clip both{one.samples, 2, 48000};
    both.samples.insert(both.samples.end(), one.samples.begin(), one.samples.end());
    return both;
  };
  CHECK(audio::loudness(tone(-23, 20)) == Approx(-23).margin(0.1));
  CHECK(audio::loudness(tone(-33, 20)) == Approx(-33).margin(0.1));
  // quiet parts are left out
  const std::vector<Clip> parts{tone(-36, 10), tone(-23, 60), tone(-36, 10)};
  CHECK(audio::loudness(audio::concatenate(parts)) == Approx(-23).margin(0.1));
  // at another rate the same
  const Clip other = generate("sine", {{"frequency", 997}, {"seconds", 5}, {"rate", 22050}});
  CHECK(audio::loudness(other) == Approx(-3.01).margin(0.05));
  CHECK(std::isinf(audio::loudness({Floats(4000, 0.5f), 1, 44100})));
}

TEST_CASE("a loudness that a clip cannot have is refused, not left alone") {
  const Clip brief = generate("sine", {{"frequency", 440}, {"seconds", 0.2}});
  CHECK_THROWS_WITH(run("normalize", brief, {{"loudness", -23}}),
                    "normalize: 'loudness' = -23 cannot be reached: the clip lasts 0.2 s, less than the 0.4 s that "
                    "loudness is measured over; take 'rms' or 'peak'");
  Clip quiet = generate("sine", {{"frequency", 440}, {"seconds", 1}});
  for (float& sample : quiet.samples) sample *= 1e-6f;
  CHECK_THROWS_WITH(run("normalize", quiet, {{"loudness", -23}}), Catch::Contains("below -70 LUFS"));
}

TEST_CASE("a clip shows whatever its samples are") {
  const Clip clip{{INFINITY, NAN, -INFINITY, 0.5f, 3e38f}, 1, 8000};
  CHECK(audio::show(clip).find("NaN or infinite: 3") != std::string::npos);
}
