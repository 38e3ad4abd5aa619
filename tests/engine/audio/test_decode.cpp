// Decoding: agreement with librosa.load, every sample type, and files that are not what they say.

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "audio/decode.h"
#include "audio/write.h"
#include "core/interrupt.h"
#include "core/step.h"
#include "core/value.h"
#include "engine/audio/wav_bytes.h"
#include "fixtures.h"
#include "tree.h"

using namespace lumir;
using audio::Clip;
using audio::decode;
using tests::Folder;
using tests::wav_bytes;

namespace {

Value golden() {
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/audio/audio.json";
  return from_json(read_file(path), path);
}

double rms(const Floats& samples) {
  double sum = 0;
  for (const float sample : samples) sum += static_cast<double>(sample) * sample;
  return std::sqrt(sum / static_cast<double>(samples.size()));
}

std::string problem(const std::string& path, const audio::DecodeOptions& options = {}) {
  try {
    decode(path, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Clip tone(double seconds, int rate) {
  Clip clip{Floats(static_cast<size_t>(seconds * rate)), 1, rate};
  for (size_t i = 0; i < clip.samples.size(); ++i) {
    clip.samples[i] = static_cast<float>(0.5 * std::sin(2 * M_PI * 440 * static_cast<double>(i) / rate));
  }
  return clip;
}

}  // namespace

TEST_CASE("recordings decode to librosa.load's samples") {
  const Value expected = golden().at("loaded");
  for (const Value& one : *expected.list()) {
    const std::string path = tests::fixture(*one.at("file").text());
    if (path.empty()) continue;
    INFO(path << " at " << *one.at("rate").number());
    audio::DecodeOptions options;
    if (*one.at("rate").number() > 0) options.rate = static_cast<int>(*one.at("rate").number());
    const auto decoded = decode(path, options);
    CHECK(decoded.warnings.empty());
    const auto& samples = decoded.clip.samples;
    REQUIRE(static_cast<double>(samples.size()) == *one.at("length").number());
    CHECK(rms(samples) == Approx(*one.at("rms").number()).epsilon(1e-5));
    for (size_t i = 0; i < one.at("at").list()->size(); ++i) {
      const auto at = static_cast<size_t>(*(*one.at("at").list())[i].number());
      CHECK(samples[at] == Approx(*(*one.at("values").list())[i].number()).margin(1e-5));
    }
  }
}

TEST_CASE("sample types scale to -1 and 1") {
  const Folder folder;
  const auto first = [&](const std::string& bytes) { return decode(folder.file("a.wav", bytes)).clip.samples; };
  CHECK(first(wav_bytes<int16_t>({}, {-32768, 16384, 0})) == Floats{-1, 0.5, 0});
  CHECK(first(wav_bytes<uint8_t>({.bits = 8}, {0, 192, 128})) == Floats{-1, 0.5, 0});
  CHECK(first(wav_bytes<int32_t>({.bits = 32}, {INT32_MIN, 1 << 30, 0})) == Floats{-1, 0.5, 0});
  CHECK(first(wav_bytes<float>({.format = 3, .bits = 32}, {-1, 2.5, 0})) == Floats{-1, 2.5, 0});
  CHECK(first(wav_bytes<double>({.format = 3, .bits = 64}, {-1, 2.5, 0})) == Floats{-1, 2.5, 0});
}

TEST_CASE("samples of a wav lie as far apart as its header says, their bits at the upper end, in either byte order") {
  const Folder folder;
  const auto load = [&](const std::string& bytes) { return decode(folder.file("a.wav", bytes)); };
  const std::vector<int32_t> words = {1 << 30, -(1 << 29), INT32_MIN, 1 << 28};
  const Floats wanted{0.5, -0.25, -1, 0.125};
  for (const uint16_t bits : {24, 20, 16}) {  // in 32, as a block of 4 bytes says
    INFO(bits);
    std::string bytes = wav_bytes<int32_t>({.bits = 32}, words);
    bytes[34] = static_cast<char>(bits);
    const auto decoded = load(bytes);
    CHECK(decoded.clip.samples == wanted);
    CHECK(decoded.warnings.empty());
    CHECK(audio::probe(folder.path + "/a.wav").seconds == decoded.clip.seconds());
    CHECK(load(tests::extensible_wav(bits, 4, bytes.substr(44))).clip.samples == wanted);
  }
  std::string threes;
  for (const int32_t word : words) threes += std::string(reinterpret_cast<const char*>(&word) + 1, 3);
  CHECK(load(tests::extensible_wav(16, 3, threes)).clip.samples == wanted);
  const std::string rifx(
      "RIFX\0\0\0\x28WAVEfmt \0\0\0\x10\0\1\0\1\0\0\x1f\x40\0\0\x3e\x80\0\2\0\x10"
      "data\0\0\0\4\x40\0\xe0\0",
      48);
  CHECK(load(rifx).clip.samples == Floats{0.5, -0.25});
}

TEST_CASE("mono is the mean of the channels, and channels can be kept") {
  const Folder folder;
  const std::string path = folder.file("stereo.wav", wav_bytes<int16_t>({.channels = 2}, {16384, 0, 8192, -8192}));
  CHECK(decode(path).clip.samples == Floats{0.25, 0});
  const Clip both = decode(path, {.mono = false}).clip;
  CHECK(both.channels == 2);
  CHECK(both.samples == Floats{0.5, 0.25, 0, -0.25});
}

TEST_CASE("eight channels are mixed") {
  const Folder folder;
  std::vector<int16_t> samples;
  for (int i = 0; i < 100; ++i) {
    for (int c = 0; c < 8; ++c) samples.push_back(static_cast<int16_t>(c * 1024));
  }
  const std::string path = folder.file("eight.wav", wav_bytes<int16_t>({.channels = 8}, samples));
  const Clip mixed = decode(path).clip;
  CHECK(mixed.length() == 100);
  CHECK(mixed.samples[50] == Approx(3.5 * 1024 / 32768));
  CHECK(decode(path, {.mono = false}).clip.channel(7)[99] == Approx(7 * 1024 / 32768.0));
}

TEST_CASE("offset and duration cut at the file's own rate") {
  const Folder folder;
  std::vector<int16_t> samples(22050);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<int16_t>(i);
  const std::string path = folder.file("ramp.wav", wav_bytes<int16_t>({}, samples));
  const Clip part = decode(path, {.offset = 0.5, .duration = 0.1}).clip;
  CHECK(part.length() == 2205);
  CHECK(part.samples[0] == Approx(11025 / 32768.0));
  CHECK(problem(path, {.offset = 2}) == path + ": ends after 1.0 s, before the offset of 2.0 s");
}

TEST_CASE("a resampled file has as many samples as its length asks for") {
  const Folder folder;
  for (const int rate : {1, 7, 8000, 22050, 192000, 768000}) {
    const std::string path = folder.file(
        "rate.wav", wav_bytes<int16_t>({.rate = static_cast<uint32_t>(rate)}, std::vector<int16_t>(1000, 8192)));
    for (const int target : {100, 16000, 44100}) {
      INFO(rate << " to " << target);
      const double wanted = std::ceil(1000.0 * target / rate);
      CHECK(static_cast<double>(decode(path, {.rate = target}).clip.length()) == wanted);
    }
  }
}

TEST_CASE("NaN and infinite samples become 0 with one warning") {
  const Folder folder;
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const std::string path =
      folder.file("nan.wav", wav_bytes<float>({.format = 3, .bits = 32}, {0.5, nan, inf, -inf, 0.25}));
  const auto decoded = decode(path);
  CHECK(decoded.clip.samples == Floats{0.5, 0, 0, 0, 0.25});
  CHECK(decoded.warnings == std::vector<std::string>{path + ": 3 samples were NaN or infinite, taken as 0"});
}

TEST_CASE("what holds no audio is refused in one line") {
  const Folder folder;
  const std::string words = folder.file("text.mp3", std::string(1204, 'a'));
  CHECK(problem(words) == words + ": no audio in it (1,204 bytes of text)");
  const std::string verse = folder.file("verse.wav", "Über allen Gipfeln\nIst Ruh\n");
  CHECK(problem(verse) == verse + ": no audio in it (28 bytes of text)");
  const std::string empty = folder.file("empty.mp3", "");
  CHECK(problem(empty) == empty + ": empty file");
  CHECK(problem(folder.path + "/none.mp3") == folder.path + "/none.mp3: No such file or directory");
  CHECK(problem(folder.path) == folder.path + ": Is a directory");
  const std::string zeros = folder.file("zeros.mp3", std::string(5000, '\0'));
  CHECK(problem(zeros) == zeros + ": no audio in it (5,000 bytes of no known format)");
  const std::string none = folder.file("none.wav", wav_bytes<int16_t>({}, {}));
  CHECK(problem(none) == none + ": no samples in it (pcm_s16le)");
}

TEST_CASE("a playlist opens no other file") {
  const Folder folder;
  folder.file("real.wav", wav_bytes<int16_t>({}, std::vector<int16_t>(1000, 1)));
  const std::string list = folder.file("list.wav", std::string("ffconcat version 1.0\nfile real.wav\n") + '\x01');
  CHECK(problem(list) == list + ": no audio in it (36 bytes of no known format)");
}

TEST_CASE("a truncated wav gives what is there and says so") {
  const Folder folder;
  const auto bytes = wav_bytes<int16_t>({.rate = 8000, .data_size = 192000}, std::vector<int16_t>(25600, 100));
  const std::string path = folder.file("cut.wav", bytes);
  const auto decoded = decode(path);
  CHECK(decoded.clip.seconds() == Approx(3.2));
  CHECK(decoded.warnings == std::vector<std::string>{path + ": ends early: 3.2 of 12.0 s"});
}

TEST_CASE("a truncated mp3 gives what is there and says so") {
  const Folder folder;
  const std::string whole = audio::encode(tone(12, 16000), read_options<audio::WriteOptions>({{"format", "mp3"}}, "t"));
  const auto good = decode(folder.file("whole.mp3", whole));
  CHECK(good.warnings.empty());
  CHECK(good.clip.length() == 12 * 16000);
  const std::string path = folder.file("cut.mp3", whole.substr(0, whole.size() / 4));
  const auto decoded = decode(path);
  CHECK(decoded.clip.seconds() == Approx(3).margin(0.2));
  REQUIRE(!decoded.warnings.empty());
  CHECK(decoded.warnings.back().find(": ends early: ") != std::string::npos);
  const auto cut_header = problem(folder.file("head.mp3", whole.substr(0, 100)));
  CHECK(cut_header.find("head.mp3: ") != std::string::npos);
  CHECK(cut_header.find('\n') == std::string::npos);
}

TEST_CASE("a wav that names no length is read to its end without a word") {
  const Folder folder;
  for (const int64_t claim : {int64_t{0xFFFFFFFF}, int64_t{0}}) {
    const auto bytes = wav_bytes<int16_t>({.rate = 8000, .data_size = claim}, std::vector<int16_t>(25600, 100));
    const auto decoded = decode(folder.file("pipe.wav", bytes));
    CHECK(decoded.clip.length() == 25600);
    CHECK(decoded.warnings.empty());
  }
}

TEST_CASE("a forged header can neither fill memory nor break the program") {
  const Folder folder;
  const auto big = wav_bytes<int16_t>({.rate = 8000, .data_size = 0xFFFFFF00}, std::vector<int16_t>(800, 1));
  CHECK(decode(folder.file("big.wav", big)).clip.length() == 800);
  const std::string fast = folder.file("fast.wav", wav_bytes<int16_t>({.rate = 800000}, std::vector<int16_t>(8000, 1)));
  CHECK(problem(fast) == fast + ": a sample rate of 800,000 Hz (1 to 768,000)");
  const std::string slow =
      folder.file("slow.wav", wav_bytes<uint8_t>({.rate = 1, .bits = 8}, std::vector<uint8_t>(90000, 1)));
  const std::string refusal = problem(slow, {.rate = 100});
  CHECK(refusal == slow + ": more sound than a clip may hold (24.0 hours here; give a duration)");
  CHECK(decode(slow, {.rate = 100, .duration = 3600}).clip.seconds() == Approx(3600));
  const std::string no_channels =
      folder.file("none.wav", wav_bytes<int16_t>({.channels = 0}, std::vector<int16_t>(80, 1)));
  CHECK(problem(no_channels).find('\n') == std::string::npos);
  CHECK(problem(no_channels) != "");
}

TEST_CASE("bytes changed at random never break the decoder") {
  const Folder folder;
  const std::string whole = audio::encode(tone(1, 16000), read_options<audio::WriteOptions>({{"format", "mp3"}}, "t"));
  uint32_t state = 1;
  const auto random = [&state] { return (state = state * 1664525 + 1013904223) >> 8; };
  for (int round = 0; round < 40; ++round) {
    std::string bytes = whole;
    for (int k = 0; k < 20; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    const std::string path = folder.file("fuzz.mp3", bytes);
    const std::string text = problem(path, {.rate = 22050});
    CHECK(text.find('\n') == std::string::npos);
    if (!text.empty()) continue;
    for (const float sample : decode(path, {.rate = 22050}).clip.samples) REQUIRE(std::isfinite(sample));
  }
}

TEST_CASE("probe tells length, rate, channels and codec without decoding") {
  const Folder folder;
  const auto found =
      audio::probe(folder.file("a.wav", wav_bytes<int16_t>({.channels = 2}, std::vector<int16_t>(44100))));
  CHECK(found.seconds == Approx(1));
  CHECK(found.rate == 22050);
  CHECK(found.channels == 2);
  CHECK(found.codec == "pcm_s16le");
  const std::string mp3 = audio::encode(tone(12, 16000), read_options<audio::WriteOptions>({{"format", "mp3"}}, "t"));
  CHECK(audio::probe(folder.file("a.mp3", mp3)).seconds == Approx(12).margin(0.1));
}

TEST_CASE("audio.load is a step from a path to a clip") {
  const Folder folder;
  const std::string path = folder.file("a.wav", wav_bytes<int16_t>({.rate = 8000}, std::vector<int16_t>(8000, 8192)));
  const auto load = [&](const Map& options) {
    return std::any_cast<Clip>(make_step("audio.load", options)->apply(path));
  };
  CHECK(load({}).rate == 22050);
  CHECK(load({{"rate", 16000}}).length() == 16000);
  CHECK(load({{"rate", "none"}}).rate == 8000);
  CHECK(load({{"offset", 0.25}, {"duration", 0.5}, {"rate", "none"}}).length() == 4000);
  CHECK_THROWS_WITH(make_step("audio.load", {{"rate", 0}}), "load: 'rate' = 0 is out of range (1 to 768000)");
  CHECK_THROWS_WITH(make_step("audio.load", {})->apply(Clip{}), "load: takes a path, got a clip");
}
