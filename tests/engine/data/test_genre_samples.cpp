// The made corpora of genres: the same bytes however they are made, the layouts that are read, and what pieces are like.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/parallel.h"
#include "data/corpus.h"
#include "data/sample.h"
#include "data/split.h"
#include "engine/data/scratch.h"
#include "synth/filter.h"
#include "synth/piece.h"

using namespace lumir;
namespace fs = std::filesystem;

namespace {

std::map<std::string, std::string> files_below(const std::string& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) {
      files[entry.path().lexically_relative(root).string()] = read_file(entry.path().string());
    }
  }
  return files;
}

/// A sample of pieces of five seconds, made by so many threads.
std::map<std::string, std::string> made(const std::string& name, Map options, int threads) {
  tests::Listener listener;
  const ObserverScope scope(listener);
  options["shortest"] = options["longest"] = 5;
  set_thread_count(threads);
  data::sample_corpus(name, options);
  set_thread_count(0);
  return files_below(*options["folder"].text());
}

synth::Style style_of(const std::string& genre, uint64_t seed) {
  Random random(seed, genre);
  const std::vector<std::string> others{"classical"};
  return make_style(synth::genre_called(genre), others, {.borrowing = 0, .studio_spread = 1}, random);
}

}  // namespace

TEST_CASE("the made GTZAN has the same bytes with one thread and with two, and more tracks change none") {
  const tests::ScratchFolder scratch;
  const auto one = made("gtzan", {{"folder", scratch.path("one")}, {"tracks", 2}}, 1);
  CHECK(one.size() == 10 * 2 + 2);  // pieces, the marker and the lock
  CHECK(one == made("gtzan", {{"folder", scratch.path("two")}, {"tracks", 2}}, 2));
  const auto more = made("gtzan", {{"folder", scratch.path("more")}, {"tracks", 3}}, 2);
  CHECK(more.at("rock/rock.00001.wav") == one.at("rock/rock.00001.wav"));
  const auto other = made("gtzan", {{"folder", scratch.path("other")}, {"tracks", 2}, {"seed", 2}}, 2);
  CHECK(other.at("rock/rock.00001.wav") != one.at("rock/rock.00001.wav"));
  std::set<std::string> different;
  for (const auto& [path, bytes] : one) different.insert(bytes);
  CHECK(different.size() >= 21);  // no piece is another (markers aside)
  const auto songs = data::open_corpus("gtzan", scratch.path("one"));
  CHECK(songs.synthetic());
  CHECK(songs.classes() == std::vector<std::string>{"blues", "classical", "country", "disco", "hiphop", "jazz", "metal",
                                                    "pop", "reggae", "rock"});
}

TEST_CASE("the made FMA has the same bytes with one thread and with two, and its official split keeps artists apart") {
  const tests::ScratchFolder scratch;
  const Map options{{"artists", 3}, {"tracks", 1}};
  Map one = options, two = options;
  one["folder"] = scratch.path("one");
  two["folder"] = scratch.path("two");
  const auto files = made("fma", one, 1);
  CHECK(files.size() == 8 * 3 + 4);  // pieces, tracks.csv, two markers and the lock
  CHECK(files == made("fma", two, 2));
  tests::Listener listener;
  const ObserverScope scope(listener);
  for (const char* root : {"one", "one/fma_small"}) {
    const auto tracks = data::open_corpus("fma", scratch.path(root));
    CHECK(tracks.synthetic());
    CHECK(tracks.size() == 24);
    CHECK(tracks.classes().size() == 8);
  }
  const auto split = data::split(data::open_corpus("fma", scratch.path("one")), "official");
  CHECK(split.audit.clean());
  REQUIRE(split.test);
  for (const auto* side : {&split.train, &split.valid, &*split.test}) {
    const auto genres = side->labels();
    CHECK(std::set(genres.begin(), genres.end()).size() == 8);
  }
  CHECK(listener.warnings.empty());
}

TEST_CASE("a piece has the level and length of its plan, and no sample beyond full scale, in every genre") {
  for (const char* genre : {"blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae",
                            "rock", "electronic", "experimental", "folk", "instrumental", "international"}) {
    const auto style = style_of(genre, 4);
    const auto piece = synth::make_piece(style, 5, 4, genre);
    INFO(genre);
    CHECK(piece.rate == 16000);
    REQUIRE(piece.samples.size() == 5 * 16000);
    double energy = 0;
    float peak = 0;
    for (const float sample : piece.samples) {
      energy += static_cast<double>(sample) * sample;
      peak = std::max(peak, std::abs(sample));
    }
    CHECK(peak <= 1);
    const double rms_db = 10 * std::log10(energy / static_cast<double>(piece.samples.size()));
    CHECK(rms_db == Approx(style.studio.level_db).margin(2));
  }
}

TEST_CASE("genres differ in rhythm, harmony and timbre, and a style that borrows nothing keeps to its genre") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto reggae = style_of("reggae", seed), metal = style_of("metal", seed), jazz = style_of("jazz", seed);
    CHECK(reggae.tempo < metal.tempo);
    CHECK(metal.swing == 0);
    CHECK(jazz.swing > 0.15);
    CHECK(metal.drive > reggae.drive);
    CHECK(jazz.stack == synth::Stack::sevenths);
    CHECK(metal.stack == synth::Stack::fifths);
    CHECK(style_of("classical", seed).drums_db < -40);
    // bars are of one length in all parts
    for (const auto& style : {reggae, metal, jazz, style_of("international", seed), style_of("folk", seed)}) {
      CHECK(style.bass.size() == style.chords.size());
      if (!style.groove.kick.empty()) CHECK(style.groove.kick.size() == style.chords.size());
    }
  }
}
