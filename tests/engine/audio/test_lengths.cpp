// Lengths of files and beginnings inside them: what packets tell is what decoding gives, whatever headers say.

#include <algorithm>
#include <cmath>
#include <cstring>

#include <catch2/catch.hpp>

#include "audio/decode.h"
#include "audio/media_file.h"
#include "core/error.h"
#include "engine/audio/foreign_file.h"
#include "engine/audio/music.h"
#include "engine/audio/wav_bytes.h"

using namespace lumir;
using audio::Clip;
using audio::decode;
using audio::probe;
using tests::Folder;
using tests::foreign_file;
using tests::ForeignKind;

namespace {

constexpr double kSeconds = 6.123;

Clip music(const ForeignKind& kind, double seconds = kSeconds) {
  const Clip one = tests::random_song(1, seconds, kind.rate);
  Clip clip{one.samples, kind.channels, kind.rate};
  for (int c = 1; c < kind.channels; ++c) {
    for (const float sample : one.samples) clip.samples.push_back(0.5f * sample);
  }
  return clip;
}

const std::vector<ForeignKind>& kinds() {
  static const std::vector<ForeignKind> all = {
      {"wav", "wav", "pcm_s16le"},
      {"wav", "wav", "pcm_s24le"},
      {"wav", "wav", "adpcm_ms"},
      {"wav", "wav", "adpcm_ima_wav"},
      {"w64", "w64", "pcm_s16le"},
      {"aiff", "aiff", "pcm_s16be"},
      {"au", "au", "pcm_s16be"},
      {"caf", "caf", "pcm_s16le"},
      {"flac", "flac", "flac"},
      {"mp3", "mp3", "libmp3lame"},
      {"mp3", "mp3", "libmp3lame", 44100, 2, true},
      {"mp3", "mp3", "libmp3lame", 22050, 1},
      {"mp2", "mp2", "mp2"},
      {"ogg", "ogg", "libvorbis"},
      {"opus", "opus", "libopus", 48000},
      {"oga", "ogg", "flac"},
      {"m4a", "ipod", "aac"},
      {"m4a", "ipod", "alac"},
      {"aac", "adts", "aac"},
      {"mka", "matroska", "libvorbis"},
      {"mka", "matroska", "libopus", 48000},
      {"mka", "matroska", "flac"},
      {"mka", "matroska", "libmp3lame"},
      {"mka", "matroska", "pcm_s16le"},
      {"mka", "matroska", "aac"},
      {"ts", "mpegts", "aac"},
      {"tta", "tta", "tta"},
      {"wv", "wv", "wavpack"},
      {"ac3", "ac3", "ac3"},
      {"wma", "asf", "wmav2"},
  };
  return all;
}

std::string words_of(const ForeignKind& kind) {
  return kind.encoder + " in " + kind.muxer + " at " + std::to_string(kind.rate) + " Hz";
}

void check_length(const std::string& path) {
  INFO(path);
  const Clip clip = decode(path).clip;
  CHECK(clip.length() > 0);
  CHECK(probe(path).seconds == clip.seconds());
}

/// The bytes with another number of frames in the Xing or Info header of an mp3.
std::string with_frames(std::string bytes, double factor) {
  size_t at = std::min(bytes.find("Xing"), bytes.find("Info"));
  REQUIRE(at != std::string::npos);
  at += 8;
  uint32_t frames = 0;
  for (size_t i = 0; i < 4; ++i) frames = frames << 8 | static_cast<unsigned char>(bytes[at + i]);
  frames = static_cast<uint32_t>(frames * factor);
  for (size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(frames >> (24 - 8 * i));
  return bytes;
}

}  // namespace

TEST_CASE("a probe tells as many seconds as decoding gives, in every format") {
  const Folder folder;
  size_t told = 0;
  for (const ForeignKind& kind : kinds()) {
    INFO(words_of(kind));
    const std::string bytes = foreign_file(kind, music(kind));
    if (bytes.empty()) continue;
    check_length(folder.file("a." + kind.ending, bytes));
    ++told;
  }
  CHECK(told >= 20);
}

TEST_CASE("songs joined to one file, cut files and silence before the first packet are told by packets") {
  const Folder folder;
  for (const ForeignKind& kind : {ForeignKind{"ogg", "ogg", "libvorbis"}, ForeignKind{"opus", "opus", "libopus", 48000},
                                  ForeignKind{"mp3", "mp3", "libmp3lame", 44100, 2, true},
                                  ForeignKind{"aac", "adts", "aac"}, ForeignKind{"flac", "flac", "flac"}}) {
    INFO(words_of(kind));
    const std::string one = foreign_file(kind, music(kind)), other = foreign_file(kind, music(kind, 3.5));
    const std::string path = folder.file("joined." + kind.ending, one + other);
    CHECK(probe(path).seconds == Approx(kSeconds + 3.5).margin(0.12));
    check_length(path);
  }
  for (const char* encoder : {"libvorbis", "libmp3lame", "flac", "pcm_s16le", "aac"}) {
    ForeignKind late{"mka", "matroska", encoder};
    late.start = 0.3;
    INFO(words_of(late));
    const std::string path = folder.file("late.mka", foreign_file(late, music(late)));
    CHECK(probe(path).seconds == Approx(kSeconds).margin(0.06));
    CHECK(decode(path).warnings.empty());
    check_length(path);
  }
}

TEST_CASE("an mp3 is as long as its frames, whatever its first one counts") {
  const Folder folder;
  const ForeignKind kind{"mp3", "mp3", "libmp3lame", 44100, 2, true};
  const std::string whole = foreign_file(kind, music(kind));
  const std::string path = folder.file("whole.mp3", whole);
  CHECK(probe(path).seconds == std::floor(kSeconds * 44100) / 44100);  // without the padding of encoder and decoder
  check_length(path);
  for (const double factor : {0.0, 0.5, 3.0}) {
    INFO(factor);
    check_length(folder.file("counted.mp3", with_frames(whole, factor)));
  }
  check_length(folder.file("cut.mp3", whole.substr(0, whole.size() * 2 / 3)));
  std::string holed = whole;
  check_length(folder.file("holed.mp3", holed.erase(whole.size() / 2, 700)));
}

TEST_CASE("a wav is as long as its samples, without a look at them") {
  const Folder folder;
  std::string bytes = tests::wav_bytes<int16_t>({.rate = 8000}, std::vector<int16_t>(8000, 100));
  check_length(folder.file("whole.wav", bytes));
  check_length(folder.file("odd.wav", bytes.substr(0, bytes.size() - 1001)));
  check_length(folder.file("more.wav", bytes + "LIST" + std::string("\x0a\0\0\0abcdefghij", 14)));
  std::memcpy(&bytes[28], "\1\0\0\0", 4);  // bytes a second
  check_length(folder.file("rate.wav", bytes));
}

TEST_CASE("samples of a wav are found behind long chunks, and behind lengths of 64 bits") {
  const Folder folder;
  std::string bytes = tests::wav_bytes<int32_t>({.bits = 32}, {1 << 30, -(1 << 29)});
  bytes[34] = 24;  // bits in 32
  std::string junk = "JUNK";
  tests::append(junk, uint32_t{9000});
  junk += std::string(9000, 'x');
  const std::string path = folder.file("junk.wav", bytes.substr(0, 36) + junk + bytes.substr(36));
  CHECK(decode(path).clip.samples == Floats{0.5, -0.25});
  check_length(path);

  std::string wide = "RF64\xff\xff\xff\xffWAVEds64";
  tests::append(wide, uint32_t{28});
  tests::append(wide, uint64_t{0});
  tests::append(wide, uint64_t{8});  // bytes of samples
  tests::append(wide, uint64_t{2});
  tests::append(wide, uint32_t{0});
  wide += bytes.substr(12, 28) + "\xff\xff\xff\xff" + bytes.substr(44) + "LIST" + std::string("\4\0\0\0abcd", 8);
  const std::string large = folder.file("large.wav", wide);
  CHECK(decode(large).clip.samples == Floats{0.5, -0.25});
  check_length(large);
}

TEST_CASE("an offset gives the samples that decoding from the beginning gives") {
  const Folder folder;
  for (const ForeignKind& kind : kinds()) {
    const std::string bytes = foreign_file(kind, music(kind));
    // ac3 and mp2 are decoded with dither: the same sound, not the same noise below it
    if (bytes.empty()) continue;
    const float noise = kind.encoder == "ac3" ? 0.02f : kind.encoder == "mp2" ? 1e-4f : 0;
    const std::string path = folder.file("a." + kind.ending, bytes);
    const Clip whole = decode(path, {.mono = false}).clip;
    for (const double offset : {0.01, 1.0, 1.1, 2.37, 4.999, kSeconds - 0.05}) {
      INFO(words_of(kind) << " from " << offset << " s on");
      const Clip part = decode(path, {.mono = false, .offset = offset, .duration = 0.25}).clip;
      const auto first = static_cast<size_t>(offset * kind.rate);
      REQUIRE(part.length() == std::min(whole.length() - first, static_cast<size_t>(0.25 * kind.rate)));
      float distance = 0;
      for (int c = 0; c < part.channels; ++c) {
        for (size_t i = 0; i < part.length(); ++i) {
          distance = std::max(distance, std::fabs(part.channel(c)[i] - whole.channel(c)[first + i]));
        }
      }
      CHECK(distance <= noise);
    }
    CHECK_THROWS_WITH(decode(path, {.offset = 100}),
                      Catch::Contains(": ends after 6.") && Catch::EndsWith(" s, before the offset of 100.0 s"));
  }
}

TEST_CASE("what lies before an offset is not decoded, in songs joined to one file and cut ones too") {
  const Folder folder;
  for (const ForeignKind& kind : {ForeignKind{"wav", "wav", "pcm_s16le"}, ForeignKind{"mp3", "mp3", "libmp3lame"},
                                  ForeignKind{"ogg", "ogg", "libvorbis"}, ForeignKind{"flac", "flac", "flac"},
                                  ForeignKind{"opus", "opus", "libopus", 48000}, ForeignKind{"m4a", "ipod", "aac"}}) {
    INFO(words_of(kind));
    audio::MediaFile file(folder.file("a." + kind.ending, foreign_file(kind, music(kind))));
    REQUIRE(file.skip_to(5L * kind.rate));
    const auto frame = file.next();
    REQUIRE(frame);
    CHECK(frame->at > 3L * kind.rate);
    CHECK(frame->at <= 5L * kind.rate);
  }
  const ForeignKind kind{"ogg", "ogg", "libvorbis"};
  const std::string path =
      folder.file("joined.ogg", foreign_file(kind, music(kind)) + foreign_file(kind, music(kind, 3.5)));
  const Clip whole = decode(path).clip, part = decode(path, {.offset = 7.5, .duration = 1}).clip;
  const auto first = whole.samples.begin() + static_cast<long>(7.5 * kind.rate);
  CHECK(std::equal(part.samples.begin(), part.samples.end(), first));
}
