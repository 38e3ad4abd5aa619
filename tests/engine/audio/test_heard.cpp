// What the audit by sound hears: `lumir-tests "[heard]"` prints the table that the README shows.
//
// Songs of three minutes (made ones, and recordings of the fixtures where they are there) are changed as copies are, and
// looked for among all originals and all copies. Costs are of CPU time, for one song as mp3.

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>

#include <catch2/catch.hpp>

#include "audio/decode.h"
#include "audio/fingerprint.h"
#include "audio/resample.h"
#include "audio/write.h"
#include "core/parallel.h"
#include "core/step.h"
#include "engine/audio/music.h"
#include "engine/audio/wav_bytes.h"
#include "fixtures.h"

using namespace lumir;
using audio::Clip;
using audio::Fingerprint;

namespace {

constexpr double kSeconds = 180;
constexpr int kRate = 22050;

Clip changed(const Clip& clip, const std::string& step, const Map& options) {
  return std::any_cast<Clip>(make_step(step, options)->apply(clip));
}

Clip part(const Clip& clip, double from, double seconds) {
  const auto first = std::min(clip.length(), static_cast<size_t>(from * clip.rate));
  const auto length = std::min(clip.length() - first, static_cast<size_t>(seconds * clip.rate));
  const auto begin = clip.samples.begin() + static_cast<long>(first);
  return {Floats(begin, begin + static_cast<long>(length)), 1, clip.rate};
}

struct Change {
  std::string name;
  std::function<Clip(const Clip&)> make;
};

std::vector<Change> changes() {
  const auto by = [](const std::string& step, const Map& options) {
    return [=](const Clip& clip) { return changed(clip, step, options); };
  };
  const auto cut = [](double from, double seconds) {
    return [=](const Clip& clip) { return part(clip, from, seconds); };
  };
  const auto dulled = [](const Clip& clip) {
    return changed(changed(clip, "audio.codec", {{"bit_rate", 64000}}), "audio.gain", {{"db", -12}});
  };
  return {
      {"mp3 of 64 kbit/s", by("audio.codec", {{"bit_rate", 64000}})},
      {"mp3 of 24 kbit/s", by("audio.codec", {{"bit_rate", 24000}})},
      {"12 dB softer, mp3 of 64 kbit/s", dulled},
      {"white noise 20 dB below", by("augment.noise", {{"snr", 20}})},
      {"white noise 10 dB below", by("augment.noise", {{"snr", 10}})},
      {"white noise 0 dB below", by("augment.noise", {{"snr", 0}})},
      {"the first 0.5 s cut off", cut(0.5, 1e6)},
      {"the first 5 s cut off", cut(5, 1e6)},
      {"the first 30 s cut off", cut(30, 1e6)},
      {"the first 60 s cut off", cut(60, 1e6)},
      {"30 s from the beginning", cut(0, 30)},
      {"30 s from 0:40 on", cut(40, 30)},
      {"20 s from 0:40 on", cut(40, 20)},
      {"10 s from 0:40 on", cut(40, 10)},
      {"5 s from 0:40 on", cut(40, 5)},
      {"30 s from 2:10 on", cut(130, 30)},
      {"1 % faster", by("audio.speed", {{"rate", 1.01}})},
      {"2 % faster", by("audio.speed", {{"rate", 1.02}})},
      {"4 % faster", by("audio.speed", {{"rate", 1.04}})},
      {"1 % faster at the same pitch", by("audio.time_stretch", {{"rate", 1.01}})},
      {"4 % faster at the same pitch", by("audio.time_stretch", {{"rate", 1.04}})},
      {"a semitone higher at the same tempo", by("audio.pitch_shift", {{"n_steps", 1}})},
  };
}

std::vector<Clip> made_songs(size_t count, double seconds) {
  std::vector<Clip> all(count);
  parallel_for(all.size(), [&](size_t i) { all[i] = tests::random_song(100 + i, seconds, kRate); });
  return all;
}

std::vector<Clip> songs() {
  auto all = made_songs(12, kSeconds);
  for (const char* name :
       {"Karissa_Hobbs_-_Lets_Go_Fishin", "Kevin_MacLeod_-_P_I_Tchaikovsky_Dance_of_the_Sugar_Plum_Fairy",
        "Kevin_MacLeod_-_Vibe_Ace"}) {
    const std::string path = tests::fixture("audio-cc/" + std::string(name) + ".ogg");
    if (!path.empty()) all.push_back(audio::decode(path, {.rate = kRate}).clip);
  }
  return all;
}

Fingerprint heard(const Clip& clip) {
  const Clip dull = audio::resample(clip, {.rate = audio::kFingerprintRate});
  return audio::fingerprint(part(dull, 0, audio::kFingerprintSeconds));
}

std::vector<Fingerprint> heard(const std::vector<Clip>& clips) {
  std::vector<Fingerprint> prints(clips.size());
  parallel_for(clips.size(), [&](size_t i) { prints[i] = heard(clips[i]); });
  return prints;
}

struct Found {
  size_t right = 0;
  size_t wrong = 0;
};

/// Looks for copies of all songs among all songs and copies.
Found look_for(const Change& change, const std::vector<Clip>& originals, const std::vector<Fingerprint>& prints) {
  std::vector<Clip> copies(originals.size());
  parallel_for(copies.size(), [&](size_t i) { copies[i] = change.make(originals[i]); });
  auto all = prints;
  for (auto& print : heard(copies)) all.push_back(std::move(print));
  Found found;
  for (const auto& pair : audio::find_same_sounds(all)) {
    ++(pair.second == pair.first + originals.size() ? found.right : found.wrong);
  }
  return found;
}

double cpu_ms(const std::function<void()>& work) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const auto before = std::clock();
    work();
    best = std::min(best, 1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  }
  return best;
}

}  // namespace

TEST_CASE("a copy is heard in other qualities, in noise, cut and in part") {
  const auto originals = made_songs(3, 60);
  const auto prints = heard(originals);
  const auto all = changes();
  for (const char* name : {"12 dB softer, mp3 of 64 kbit/s", "white noise 10 dB below", "the first 5 s cut off",
                           "30 s from the beginning", "10 s from 0:40 on"}) {
    INFO(name);
    const auto change = std::find_if(all.begin(), all.end(), [&](const Change& one) { return one.name == name; });
    REQUIRE(change != all.end());
    const Found found = look_for(*change, originals, prints);
    CHECK(found.right == originals.size());
    CHECK(found.wrong == 0);
  }
}

TEST_CASE("what the audit by sound hears", "[.][heard]") {
  const auto originals = songs();
  const auto prints = heard(originals);
  std::printf("found among %zu songs, by %s\n", originals.size(), audio::heard_in_words().c_str());
  for (const Change& change : changes()) {
    const Found found = look_for(change, originals, prints);
    std::printf("%-38s %2zu of %zu%s\n", change.name.c_str(), found.right, originals.size(),
                found.wrong > 0 ? ", and wrong ones" : "");
    CHECK(found.wrong == 0);
  }
  const tests::Folder folder;
  const std::string path = folder.file(
      "song.mp3", audio::encode(originals[0], read_options<audio::WriteOptions>({{"format", "mp3"}}, "test")));
  for (const double seconds : {30.0, audio::kFingerprintSeconds}) {
    const double cost = cpu_ms(
        [&] { audio::fingerprint(audio::decode(path, {.rate = audio::kFingerprintRate, .duration = seconds}).clip); });
    std::printf("hearing %3.0f s of a song: %.1f ms\n", seconds, cost);
  }
}
