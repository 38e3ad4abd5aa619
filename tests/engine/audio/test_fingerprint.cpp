// Fingerprints: copies are known again at another bitrate, cut and louder; different songs are told apart.

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "audio/decode.h"
#include "audio/fingerprint.h"
#include "audio/write.h"
#include "core/error.h"
#include "core/file.h"
#include "core/random.h"
#include "engine/audio/music.h"
#include "engine/worse.h"
#include "fixtures.h"

using namespace lumir;
using namespace lumir::audio;
namespace fs = std::filesystem;

namespace {

Fingerprint print_of(const std::string& path) {
  return fingerprint(decode(path, {.rate = kFingerprintRate, .duration = kFingerprintSeconds}).clip);
}

/// Through an encoder and back.
Fingerprint print_of(const Clip& clip, const WriteOptions& options) {
  const std::string path = (fs::temp_directory_path() / ("lumir-print." + options.format)).string();
  write_file(path, encode(clip, options));
  const Fingerprint print = print_of(path);
  fs::remove(path);
  return print;
}

/// Words that tell as little of each other as those of different music.
Fingerprint random_print(size_t words, Random& random) {
  Fingerprint print;
  for (size_t i = 0; i < words; ++i) print.words.push_back(random.next());
  return print;
}

/// Without its first words, and with each bit turned over at this rate.
Fingerprint damaged(const Fingerprint& print, size_t cut, double rate, Random& random) {
  Fingerprint copy;
  for (size_t i = cut; i < print.words.size(); ++i) {
    uint32_t turned = 0;
    for (int bit = 0; bit < 32; ++bit) turned |= static_cast<uint32_t>(random.uniform() < rate) << bit;
    copy.words.push_back(print.words[i] ^ turned);
  }
  return copy;
}

}  // namespace

TEST_CASE("a copy at another bitrate, cut by half a second, is the same sound; another song is not") {
  std::vector<Fingerprint> prints;
  for (uint64_t seed = 0; seed < 6; ++seed) {
    prints.push_back(print_of(tests::random_song(seed, 15), {.format = "mp3", .bit_rate = 32000.0}));
  }
  prints.push_back(
      print_of(tests::without_start(tests::random_song(3, 15), 0.5), {.format = "mp3", .bit_rate = 16000.0}));
  const auto found = find_same_sounds(prints);
  REQUIRE(found.size() == 1);
  CHECK(found[0].first == 3);
  CHECK(found[0].second == 6);
  CHECK(found[0].error_rate < 0.2);
  CHECK(found[0].seconds > 12);
}

TEST_CASE("a copy that is louder, at another rate and cut between two moments is the same sound") {
  Clip song = tests::random_song(7, 10, 44100);
  const Clip cut = tests::without_start(song, 0.731);
  for (auto& sample : song.samples) sample *= 0.1f;
  const auto found = find_same_sounds({print_of(song, {.format = "wav"}), print_of(cut, {.format = "mp3"})});
  REQUIRE(found.size() == 1);
  CHECK(found[0].error_rate < 0.2);
}

TEST_CASE("silence, steady tones and sounds too short to tell are no copies of each other") {
  Clip silence;
  silence.rate = kFingerprintRate;
  silence.samples.assign(40000, 0);
  Clip tone = silence, higher = silence;
  for (size_t i = 0; i < tone.samples.size(); ++i) {
    tone.samples[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i)));
    higher.samples[i] = static_cast<float>(std::sin(0.9 * static_cast<double>(i)));
  }
  Clip brief = tests::random_song(1, 1, kFingerprintRate);
  std::vector<Fingerprint> prints;
  for (const auto* clip : {&silence, &silence, &tone, &higher, &brief, &brief}) prints.push_back(fingerprint(*clip));
  CHECK(prints[0].words == std::vector<uint32_t>(prints[0].words.size(), 0));
  CHECK(find_same_sounds(prints).empty());
  CHECK(find_same_sounds({}).empty());
}

TEST_CASE("a fingerprint survives the way through bytes") {
  const Fingerprint print = fingerprint(tests::random_song(1, 5, kFingerprintRate));
  CHECK(print.words.size() == (5 * 4000 - 512) / 256 + 1 - 4 - 12);
  CHECK(fingerprint_from(to_bytes(print)).words == print.words);
  CHECK(fingerprint_from("abc").words.empty());
  CHECK(fingerprint_from(to_bytes(Fingerprint())).words.empty());
  CHECK_THROWS_WITH(fingerprint(tests::random_song(1, 1)), "fingerprint: takes a mono clip of 4000 Hz");
}

TEST_CASE("in a corpus of a thousand and more recordings of two minutes, damaged copies are found and nothing else") {
  Random random(1);
  std::vector<Fingerprint> prints;
  for (int i = 0; i < 1200; ++i) prints.push_back(random_print(1875, random));
  const std::vector<double> rates = {0.02, 0.08, 0.12, 0.17, 0.2};
  for (size_t i = 0; i < rates.size(); ++i) prints.push_back(damaged(prints[100 * i], 8 * i, rates[i], random));

  const auto same = find_same_sounds(prints);
  REQUIRE(same.size() == rates.size());
  for (size_t i = 0; i < rates.size(); ++i) {
    CHECK(same[i].first == 100 * i);
    CHECK(same[i].second == 1200 + i);
    CHECK(same[i].error_rate == Approx(rates[i]).margin(0.01));
  }
}

TEST_CASE("real songs: every copy is found, and no two songs of an album are mistaken for one") {
  const std::string root = tests::fixture("mini-artists");
  if (root.empty()) return;
  std::vector<std::string> songs;
  for (const auto& at : fs::recursive_directory_iterator(root)) {
    if (at.path().extension() == ".mp3") songs.push_back(at.path());
  }
  std::sort(songs.begin(), songs.end());
  REQUIRE(songs.size() == 18);
  std::vector<Fingerprint> prints;
  for (const auto& song : songs) prints.push_back(print_of(song));
  CHECK(find_same_sounds(prints).empty());
  for (const auto& song : songs) {
    const Clip cut = tests::without_start(decode(song, {}).clip, 0.5);
    prints.push_back(print_of(cut, {.format = "mp3", .bit_rate = 24000.0}));
  }
  std::set<std::pair<size_t, size_t>> pairs;
  double worst = 0;
  for (const auto& same : find_same_sounds(prints)) {
    pairs.emplace(same.first, same.second);
    worst = testing::worse(worst, same.error_rate);
  }
  CHECK(pairs.size() == 18);
  for (size_t i = 0; i < 18; ++i) CHECK(pairs.contains({i, i + 18}));
  CHECK(worst < 0.2);
}
