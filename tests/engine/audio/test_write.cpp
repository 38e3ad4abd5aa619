// Writing sound: what is read back, the same bytes every time, and clear words where a format cannot hold a clip.

#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <numbers>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "audio/decode.h"
#include "audio/write.h"
#include "core/file.h"
#include "core/parallel.h"
#include "core/random.h"
#include "engine/worse.h"

using namespace lumir;
using audio::Clip;
using audio::WriteOptions;

namespace {

Clip tone(int rate, double seconds, int channels = 1) {
  Clip clip;
  clip.rate = rate;
  clip.channels = channels;
  const auto length = static_cast<size_t>(rate * seconds);
  clip.samples.resize(length * static_cast<size_t>(channels));
  for (int channel = 0; channel < channels; ++channel) {
    for (size_t i = 0; i < length; ++i) {
      const double phase = 2 * std::numbers::pi * 440 * (channel + 1) * static_cast<double>(i) / rate;
      clip.channel(channel)[i] = static_cast<float>(0.5 * std::sin(phase));
    }
  }
  return clip;
}

Clip of(Floats samples) {
  Clip clip;
  clip.rate = 8000;
  clip.samples = std::move(samples);
  return clip;
}

/// The samples of a plain 16 bit wav with a header of 44 bytes.
std::vector<int16_t> wav_16_samples(const std::string& bytes) {
  REQUIRE(bytes.size() >= 44);
  CHECK(bytes.substr(0, 4) == "RIFF");
  CHECK(bytes.substr(36, 4) == "data");
  std::vector<int16_t> samples((bytes.size() - 44) / 2);
  std::memcpy(samples.data(), bytes.data() + 44, samples.size() * 2);
  return samples;
}

std::string problem(const Clip& clip, const Map& given) {
  try {
    encode(clip, read_options<WriteOptions>(given, "write"));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string problem_of_path(const std::string& path) {
  try {
    audio::write(path, tone(8000, 0.1));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// Lets no file grow beyond `bytes`; returns the limit before.
rlimit limit_file_size(rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = bytes;
  setrlimit(RLIMIT_FSIZE, &small);
  return before;
}

struct Folder {
  std::string path;
  Folder() {
    char text[] = "/tmp/lumir-write-XXXXXX";
    path = mkdtemp(text);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a 16 bit wav holds samples as multiples of 1 / 32768, clipped at full scale") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto samples = wav_16_samples(audio::encode(of({0, 0.5f, -0.5f, 1, -1, 2, -2, 1 / 32768.0f, nan})));
  CHECK(samples == std::vector<int16_t>{0, 16384, -16384, 32767, -32768, 32767, -32768, 1, 0});
}

TEST_CASE("the same clip gives the same bytes in every format, on every thread") {
  const Clip clip = tone(16000, 1.3, 2);
  const Map kinds[] = {{{"format", "wav"}},
                       {{"format", "wav"}, {"subtype", "pcm_24"}},
                       {{"format", "wav"}, {"subtype", "float"}},
                       {{"format", "flac"}},
                       {{"format", "flac"}, {"subtype", "pcm_24"}},
                       {{"format", "ogg"}},
                       {{"format", "ogg"}, {"bit_rate", 64000}},
                       {{"format", "mp3"}, {"bit_rate", 32000}}};
  for (const auto& kind : kinds) {
    const auto options = read_options<WriteOptions>(kind, "write");
    const std::string first = encode(clip, options);
    std::vector<std::string> again(8);
    set_thread_count(2);
    parallel_for(again.size(), [&](size_t i) { again[i] = encode(clip, options); });
    set_thread_count(0);
    INFO(show(kind));
    for (const auto& bytes : again) CHECK(bytes == first);
    CHECK(first.find("Lavf5") == std::string::npos);
    CHECK(first.find("Lavc5") == std::string::npos);
  }
}

/// The strength of a pure tone in the middle half of a clip, by its inner product with it.
double strength_at(const Clip& clip, double frequency) {
  double real = 0, imaginary = 0;
  const size_t from = clip.length() / 4, to = clip.length() / 4 * 3;
  for (size_t i = from; i < to; ++i) {
    const double phase = 2 * std::numbers::pi * frequency * static_cast<double>(i) / clip.rate;
    real += clip.channel(0)[i] * std::cos(phase);
    imaginary += clip.channel(0)[i] * std::sin(phase);
  }
  return 2 * std::hypot(real, imaginary) / static_cast<double>(to - from);
}

TEST_CASE("what loses nothing reads back as it was, to the last step of its samples") {
  const Folder folder;
  const Clip clip = tone(16000, 0.7, 2);
  const std::map<std::string, double> largest{{"pcm_u8", 0.5 / 128},
                                              {"pcm_16", 0.5 / 32768},
                                              {"pcm_24", 0.5 / 8388608},
                                              {"pcm_32", 0.5 / 2147483648.0},
                                              {"float", 0},
                                              {"double", 0}};
  for (const auto& [subtype, step] : largest) {
    for (const std::string ending : {"wav", "flac"}) {
      if (ending == "flac" && subtype != "pcm_16" && subtype != "pcm_24") continue;
      const std::string path = folder.path + "/" + subtype + "." + ending;
      audio::write(path, clip, read_options<WriteOptions>({{"subtype", subtype}}, "write"));
      const Clip back = audio::decode(path, {.rate = {}, .mono = false, .offset = 0, .duration = {}}).clip;
      INFO(path);
      REQUIRE(back.samples.size() == clip.samples.size());
      CHECK(back.channels == 2);
      CHECK(back.rate == 16000);
      float difference = 0;
      for (size_t i = 0; i < clip.samples.size(); ++i) {
        difference = testing::worse(difference, std::abs(back.samples[i] - clip.samples[i]));
      }
      CHECK(difference <= step);
    }
  }
}

TEST_CASE("a tone survives mp3 and ogg at its pitch, strength and length") {
  const Folder folder;
  const Clip clip = tone(16000, 3);
  for (const std::string name : {"tone.mp3", "tone.ogg"}) {
    audio::write(folder.path + "/" + name, clip);
    const Clip back = audio::decode(folder.path + "/" + name).clip;
    INFO(name);
    CHECK(back.rate == 16000);
    CHECK(back.seconds() == Approx(3).margin(0.1));
    CHECK(strength_at(back, 440) == Approx(0.5).epsilon(0.06));  // LAME scales by 0.95 against clipping
    CHECK(strength_at(back, 660) < 0.005);
  }
}

TEST_CASE("an mp3 has the constant bit rate that was asked for") {
  WriteOptions options;
  options.format = "mp3";
  for (const double rate : {32000.0, 64000.0, 128000.0}) {
    options.bit_rate = rate;
    const auto bytes = static_cast<double>(encode(tone(16000, 20), options).size());
    CHECK(bytes == Approx(20 * rate / 8).epsilon(0.02));
  }
}

TEST_CASE("a better quality is a longer file and nearer to the sound") {
  const Folder folder;
  Clip clip = tone(44100, 3, 2);
  Random random(1);
  for (float& sample : clip.samples) sample += static_cast<float>(0.02 * random.normal());
  for (const std::string name : {"tone.mp3", "tone.ogg"}) {
    double size = 0, error = 1e9;
    for (const double quality : {1.0, 5.0, 9.0}) {
      INFO(name << " of quality " << quality);
      audio::write(folder.path + "/" + name, clip, read_options<WriteOptions>({{"quality", quality}}, "write"));
      const auto bytes = static_cast<double>(std::filesystem::file_size(folder.path + "/" + name));
      const Clip back = audio::decode(folder.path + "/" + name, {.mono = false}).clip;
      REQUIRE(back.channels == 2);
      double both = 0, power = 0, sum = 0;  // encoders may change the level a little
      for (size_t i = 10000; i < 100000; ++i) {
        both += double{clip.channel(0)[i]} * back.channel(0)[i];
        power += double{clip.channel(0)[i]} * clip.channel(0)[i];
      }
      for (size_t i = 10000; i < 100000; ++i) {
        sum += std::pow(both / power * clip.channel(0)[i] - back.channel(0)[i], 2);
      }
      CHECK(bytes > size);
      CHECK(sum < error);
      size = bytes;
      error = sum;
    }
  }
}

TEST_CASE("what a format cannot hold is said in one line") {
  const Clip clip = tone(16000, 0.1);
  CHECK(problem(clip, {{"format", "mp3"}, {"bit_rate", 33000}}) ==
        "write: 'bit_rate' = 33000 is no bit rate of mp3 at 16000 Hz "
        "(1000 times 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)");
  CHECK(problem(clip, {{"format", "flac"}, {"bit_rate", 32000}}) ==
        "write: 'bit_rate' does not apply to flac, which loses nothing");
  CHECK(problem(clip, {{"format", "mp3"}, {"subtype", "pcm_24"}}) ==
        "write: 'subtype' = 'pcm_24' does not exist for mp3");
  CHECK(problem(clip, {{"format", "flac"}, {"subtype", "float"}}) ==
        "write: 'subtype' = 'float' does not exist for flac");
  CHECK(problem(tone(96000, 0.1), {{"format", "mp3"}}) ==
        "write: a rate of 96000 Hz does not exist in mp3 "
        "(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)");
  CHECK(problem(clip, {{"format", "flac"}, {"quality", 3}}) ==
        "write: 'quality' does not apply to flac, which loses nothing");
  CHECK(problem(clip, {{"format", "ogg"}, {"quality", 3}, {"bit_rate", 64000}}) ==
        "write: 'quality' and 'bit_rate' exclude each other; give one of them");
  CHECK(problem(of({}), {}) == "write: the clip has no samples");
  CHECK(problem(clip, {{"format", "aiff"}}) ==
        "write: 'format' = 'aiff' is none of 'auto', 'wav', 'flac', 'ogg', 'mp3'");
}

TEST_CASE("a path's ending decides the format, missing folders are made, nothing else is left") {
  const Folder folder;
  const Clip clip = tone(16000, 0.2);
  audio::write(folder.path + "/a/b/tone.WAV", clip);
  audio::write(folder.path + "/a/b/tone.flac", clip);
  CHECK(read_file(folder.path + "/a/b/tone.WAV") == audio::encode(clip));
  CHECK(read_file(folder.path + "/a/b/tone.flac").substr(0, 4) == "fLaC");
  const std::filesystem::directory_iterator files(folder.path + "/a/b");
  CHECK(std::distance(begin(files), end(files)) == 2);
  CHECK(problem_of_path("tone.xyz") ==
        "write: 'path' = 'tone.xyz' ends in none of .wav, .flac, .ogg, .mp3 (or give 'format')");
}

TEST_CASE("a folder that cannot be written and a full disk are one line each") {
  const Folder folder;
  write_file(folder.path + "/file", "in the way");
  const std::string blocked = problem_of_path(folder.path + "/file/tone.wav");
  CHECK(blocked.find("Not a directory") != std::string::npos);
  CHECK(blocked.find('\n') == std::string::npos);
  CHECK(read_file(folder.path + "/file") == "in the way");
  const rlimit before = limit_file_size(1000);  // stands for a full disk
  CHECK(problem_of_path(folder.path + "/tone.wav") == folder.path + "/tone.wav: File too large");
  setrlimit(RLIMIT_FSIZE, &before);
  const std::filesystem::directory_iterator files(folder.path);
  CHECK(std::distance(begin(files), end(files)) == 1);
  if (geteuid() != 0) {
    chmod(folder.path.c_str(), 0500);
    CHECK(problem_of_path(folder.path + "/tone.wav") == folder.path + "/tone.wav: Permission denied");
    chmod(folder.path.c_str(), 0700);
  }
}

TEST_CASE("every encoder takes samples of any size, and what is none") {
  Floats samples(8000);
  const float odd[] = {1e38f, -1e38f, 1e7f, -2, INFINITY, -INFINITY, NAN, 1e-40f, 0.5f};
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = odd[i % std::size(odd)];
  for (const char* format : {"wav", "flac", "ogg", "mp3"}) {
    INFO(format);
    WriteOptions options;
    options.format = format;
    CHECK(!audio::encode(of(samples), options).empty());
  }
}
