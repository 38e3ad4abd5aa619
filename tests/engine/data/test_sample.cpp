// The sample corpus: the same bytes however it is made, the layout that recipes read, and what a voice sounds like.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "audio/decode.h"
#include "core/file.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/random.h"
#include "data/corpus.h"
#include "data/dataset.h"
#include "data/sample.h"
#include "engine/data/scratch.h"
#include "synth/filter.h"
#include "synth/song.h"

using namespace lumir;
namespace fs = std::filesystem;

namespace {

Map tiny(const std::string& folder) {
  return {{"folder", folder}, {"artists", 3}, {"albums", 2},    {"songs", 1},
          {"shortest", 5},    {"longest", 6}, {"unlabelled", 2}};
}

/// Every file below a folder with its bytes.
std::map<std::string, std::string> files_below(const std::string& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file())
      files[entry.path().lexically_relative(root).string()] = read_file(entry.path().string());
  }
  return files;
}

void make_with_threads(const Map& options, int threads) {
  tests::Listener listener;
  const ObserverScope scope(listener);
  set_thread_count(threads);
  data::sample_corpus("artist20", options);
  set_thread_count(0);
}

/// How many files a call made.
size_t made_by(const Map& options) {
  tests::Listener listener;
  const ObserverScope scope(listener);
  data::sample_corpus("artist20", options);
  if (listener.tasks.empty()) return 0;
  return static_cast<size_t>(std::stoi(listener.tasks.front().substr(std::string("sample ").size())));
}

std::string problem(const std::string& name, const Map& options) {
  try {
    data::sample_corpus(name, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// Energy of a clip around a frequency (Goertzel).
double energy_at(const std::vector<float>& samples, double frequency) {
  const double turn = 2 * std::cos(2 * std::numbers::pi * frequency / synth::kRate);
  double last = 0, before = 0;
  for (const float sample : samples) {
    const double now = sample + turn * last - before;
    before = last;
    last = now;
  }
  return last * last + before * before - turn * last * before;
}

}  // namespace

TEST_CASE("a sample corpus has the same bytes every time, with one thread and with two") {
  const tests::ScratchFolder scratch;
  make_with_threads(tiny(scratch.path("one")), 1);
  make_with_threads(tiny(scratch.path("two")), 2);
  const auto one = files_below(scratch.path("one"));
  CHECK(one.size() == 3 * 2 * 1 + 3 + 6 + 5);  // songs (three albums have a second), IDs, truth, singers, markers, lock
  CHECK(one == files_below(scratch.path("two")));
  Map other = tiny(scratch.path("other"));
  other["seed"] = 2;
  make_with_threads(other, 2);
  CHECK(one.at("singer_01/meadow/01-amber.mp3") != read_file(scratch.path("other/singer_01/meadow/01-amber.mp3")));
}

TEST_CASE("a sample corpus reads as artist20: singers, albums, songs; its test folder holds no songs") {
  const tests::ScratchFolder scratch;
  make_with_threads(tiny(scratch.path("corpus")), 2);
  tests::Listener listener;
  const ObserverScope scope(listener);
  const auto songs = data::open_corpus("artist20", scratch.path("corpus"));
  CHECK(songs.synthetic());
  CHECK(songs.classes() == std::vector<std::string>{"singer_01", "singer_02", "singer_03"});
  const auto albums = songs.groups("album");
  CHECK(std::set(albums.begin(), albums.end()).size() == 6);
  CHECK(fs::exists(scratch.path("corpus/singer_03/harbour/01-winter.mp3")));
  for (const double seconds : songs.seconds()) {
    CHECK(seconds >= 5);
    CHECK(seconds < 6.3);  // mp3 pads the last frame
  }
  CHECK(listener.warnings.empty());
  const auto probe = audio::probe(scratch.path("corpus/singer_01/meadow/01-amber.mp3"));
  CHECK(probe.rate == 16000);
  CHECK(probe.channels == 1);
  const auto size = static_cast<double>(fs::file_size(scratch.path("corpus/singer_01/meadow/01-amber.mp3")));
  CHECK(size == Approx(probe.seconds * 32000 / 8).epsilon(0.05));
}

TEST_CASE("unlabelled recordings have numbers with gaps, two formats, 10 to 90 s and a truth for each") {
  const tests::ScratchFolder scratch;
  Map options = tiny(scratch.path("corpus"));
  options["unlabelled"] = 4;
  make_with_threads(options, 2);
  const auto unlabelled = data::open_corpus("files", scratch.path("corpus/test"));
  CHECK(unlabelled.synthetic());
  const auto ids = unlabelled.column("id");
  REQUIRE(ids.size() == 12);
  CHECK(std::stoi(ids.back()) > 12);
  std::set<std::string> endings;
  for (const auto& path : unlabelled.column("path")) endings.insert(fs::path(path).extension().string());
  CHECK(endings == std::set<std::string>{".mp3", ".wav"});
  for (const double seconds : unlabelled.seconds()) {
    CHECK(seconds >= 10);
    CHECK(seconds < 90.3);
  }
  std::map<std::string, int> recordings;
  std::vector<std::string> known;
  std::istringstream truth(read_file(scratch.path("corpus/truth.csv")));
  for (std::string line; std::getline(truth, line);) {
    known.push_back(line.substr(0, line.find(',')));
    ++recordings[line.substr(line.find(',') + 1)];
  }
  CHECK(known == ids);
  CHECK(recordings == std::map<std::string, int>{{"singer_01", 4}, {"singer_02", 4}, {"singer_03", 4}});
}

TEST_CASE("a complete sample is left alone, a cut off one completed, one of other options replaced") {
  const tests::ScratchFolder scratch;
  const std::string folder = scratch.path("corpus");
  Map options = tiny(folder);
  options["unlabelled"] = 1;
  CHECK(made_by(options) > 6);
  const auto whole = files_below(folder);
  CHECK(made_by(options) == 0);

  // as a kill leaves it: the mark of unfinished work, a file begun, some missing
  fs::rename(folder + "/SYNTHETIC", folder + "/.unfinished");
  fs::remove(folder + "/singer_02/ember/01-letter.mp3");
  fs::remove(folder + "/truth.csv");
  write_file(folder + "/singer_02/ember/01-letter.mp3.1-2-host.part", "begun");
  const size_t missing = whole.size() - files_below(folder).size() + 1;
  CHECK(made_by(options) == missing);
  CHECK(files_below(folder) == whole);

  fs::remove(folder + "/singer_01/meadow/01-amber.mp3");
  CHECK(made_by(options) == 1);
  CHECK(files_below(folder) == whole);

  write_file(folder + "/notes.txt", "a user's own");
  options["artists"] = 2;
  CHECK(made_by(options) > 0);
  CHECK_FALSE(fs::exists(folder + "/singer_03"));
  CHECK(read_file(folder + "/notes.txt") == "a user's own");
}

TEST_CASE("a sample that an earlier version made, with fewer files, is made anew") {
  const tests::ScratchFolder scratch;
  const Map options = tiny(scratch.path("corpus"));
  made_by(options);
  const auto whole = files_below(scratch.path("corpus"));
  std::string earlier = read_file(scratch.path("corpus/SYNTHETIC"));
  const size_t at = earlier.find("\"singers.csv\"");
  REQUIRE(at != std::string::npos);
  const bool last = earlier.find_first_not_of(" \n", at + 13) == earlier.find(']', at);
  const size_t begin = last ? earlier.rfind(',', at) : at;
  earlier.erase(begin, (last ? at + 13 : earlier.find(',', at) + 1) - begin);
  earlier.replace(earlier.find("\"version\": 2"), 12, "\"version\": 1");
  write_file(scratch.path("corpus/SYNTHETIC"), earlier);
  fs::remove(scratch.path("corpus/singers.csv"));
  CHECK(made_by(options) > 0);
  CHECK(files_below(scratch.path("corpus")) == whole);
}

TEST_CASE("a sample deletes only what it made: no user's file, nothing behind a link, no foreign part file") {
  const tests::ScratchFolder scratch;
  const std::string folder = scratch.path("corpus");
  Map options = tiny(folder);
  options["unlabelled"] = 0;
  made_by(options);
  const std::string marker = read_file(folder + "/SYNTHETIC");

  // a list with a foreign name is no list of ours
  scratch.file("forged/music/song.mp3");
  std::string forged = marker;
  forged.replace(forged.find("singer_01/meadow/01-amber.mp3"), 29, "music/song.mp3");
  write_file(scratch.path("forged/SYNTHETIC"), forged);
  Map other = tiny(scratch.path("forged"));
  other["seed"] = 2;
  CHECK_THAT(problem("artist20", other), Catch::Contains("holds something else than a sample corpus"));
  CHECK(fs::exists(scratch.path("forged/music/song.mp3")));

  // a folder that was put elsewhere, and a download of the user's
  scratch.file("elsewhere/01-amber.mp3");
  fs::remove_all(folder + "/singer_01/meadow");
  fs::create_directory_symlink(scratch.path("elsewhere"), folder + "/singer_01/meadow");
  write_file(folder + "/download.part", "a user's own");
  options["seed"] = 2;
  CHECK_THAT(problem("artist20", options), Catch::Contains("lies behind a link"));
  CHECK(fs::exists(scratch.path("elsewhere/01-amber.mp3")));
  CHECK(fs::exists(folder + "/download.part"));
}

TEST_CASE("a sample that was never finished is no corpus; a file called SYNTHETIC inside an artist hides nothing") {
  const tests::ScratchFolder scratch;
  const std::string folder = scratch.path("corpus");
  Map options = tiny(folder);
  options["unlabelled"] = 0;
  made_by(options);
  write_file(folder + "/singer_01/SYNTHETIC", "a song?");
  const auto songs = data::open_corpus("artist20", folder);
  const auto artists = songs.column("artist");
  CHECK(std::count(artists.begin(), artists.end(), "singer_01") >= 2);
  fs::rename(folder + "/SYNTHETIC", folder + "/.unfinished");
  CHECK_THROWS_WITH(data::open_corpus("artist20", folder),
                    folder + ": a sample that was never finished (lumir sample NAME FOLDER goes on with it)");
}

TEST_CASE("a folder with other things in it is not touched, unknown samples are named") {
  const tests::ScratchFolder scratch;
  scratch.file("music/song.mp3");
  const Map options = tiny(scratch.path("music"));
  CHECK(problem("artist20", options) ==
        scratch.path("music") + ": holds something else than a sample corpus; give another 'folder'");
  CHECK(files_below(scratch.path("music")).count("song.mp3") == 1);
  CHECK(
      problem("artist2", options) ==
      "sample: 'name' = 'artist2' is none of 'artist20', 'fma', 'fma_features', 'gtzan', 'gtzan_features', 'tags' (did "
      "you mean 'artist20'?)");
  scratch.file("file");
  CHECK_THAT(problem("artist20", tiny(scratch.path("file/below"))), Catch::Contains("Not a directory"));
}

TEST_CASE("a voice has its energy at the harmonics of its note, and the same singer sings it the same") {
  synth::Singer singer = synth::make_singer(1, 0);
  singer.vibrato_depth = singer.jitter = singer.breath = 0;
  const std::vector<synth::Note> note{{.start = 0, .seconds = 2, .midi = 57, .vowel = 4}};  // a at 220 Hz
  const auto samples = synth::sing(singer, note, 2 * synth::kRate, Random(1, "voice"));
  CHECK(samples == synth::sing(singer, note, 2 * synth::kRate, Random(1, "voice")));
  // the pitch drifts by a few cents, so bands are compared, not lines
  const auto band = [&](double middle) {
    double energy = 0;
    for (double f = middle - 8; f <= middle + 8; f += 0.5) energy += energy_at(samples, f);
    return energy;
  };
  CHECK(band(220) > 100 * band(330));
  CHECK(band(440) > 100 * band(330));
  CHECK(band(660) > 100 * band(550));
}

TEST_CASE("a song has the level and length of its plan, and no sample beyond full scale") {
  using namespace synth;
  Random album_stream(3, "album");
  const Singer singer = make_singer(3, 1);
  const Album album = make_album(album_stream, {});
  const audio::Clip song = make_song(singer, album, {}, 8, 3, "song");
  CHECK(song.rate == 16000);
  CHECK(song.samples.size() == 8 * 16000);
  double energy = 0;
  float peak = 0;
  for (const float sample : song.samples) {
    energy += static_cast<double>(sample) * sample;
    peak = std::max(peak, std::abs(sample));
  }
  CHECK(peak <= 1);
  const double rms_db = 10 * std::log10(energy / static_cast<double>(song.samples.size()));
  CHECK(rms_db == Approx(album.studio.level_db).margin(1.5));
}
