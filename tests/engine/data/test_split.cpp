// Splits: the rule of the course, random ones by groups, folds, and the audit by name and by bytes.

#include <set>

#include <catch2/catch.hpp>

#include "audio/write.h"
#include "core/cache.h"
#include "core/error.h"
#include "data/corpus.h"
#include "data/split.h"
#include "engine/audio/music.h"
#include "engine/data/scratch.h"

using namespace lumir;
using namespace lumir::data;
using tests::Listener;
using tests::ScratchFolder;

namespace {

/// Two artists with albums A, B and C of two songs each. The files hold no sound, so they are compared by
/// name and bytes only.
struct Songs {
  ScratchFolder folder, kept;
  Cache cache{kept.path()};
  CacheScope scope{cache};
  Listener listener;
  ObserverScope observer_scope{listener};

  Songs() {
    for (const std::string artist : {"abba", "queen"}) {
      for (const std::string album : {"A", "B", "C"}) {
        for (const std::string song : {"01-x", "02-y"}) {
          folder.file(artist + "/" + album + "/" + song + album + ".mp3");
        }
      }
    }
  }
  Dataset open() const { return open_corpus("artist20", folder.path()); }
};

std::string problem(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("last_album holds out the album last in byte order") {
  Songs songs;
  songs.folder.file("queen/a/01-lower.mp3");  // after 'C' in bytes
  const Split split = data::split(songs.open(), "last_album");
  CHECK(split.valid.column("id") ==
        std::vector<std::string>{"abba/C/01-xC.mp3", "abba/C/02-yC.mp3", "queen/a/01-lower.mp3"});
  CHECK(split.train.size() == 10);
  CHECK(split.rule == "validation: the last album of each artist (3 songs)");
  CHECK(split.train.leak().empty());
  CHECK(show(split) ==
        "artist20   13 songs · 2 artists · 7 albums · validation: the last album of each\n"
        "           artist (3 songs)\n"
        "           no album, song or recording is on both sides (checked by name and by\n"
        "           sound: the first 120 s of each, 60 % of the shorter in common; 13\n"
        "           files could not be read and were checked by name alone)");
}

TEST_CASE("an artist with one album only trains, and one warning says so") {
  Songs songs;
  songs.folder.file("solo/only/1-z.mp3");
  const Split held = split(songs.open(), "last_album");
  CHECK(held.train.size() == 9);
  CHECK(held.valid.size() == 4);
  CHECK(songs.listener.warnings == std::vector<std::string>{"split: 1 artist with one album, which only trains: solo"});
  CHECK(problem([&] { split(songs.open(), "last_albun"); }) ==
        "split: no split is called 'last_albun'; there are given, last_album and official (did you mean "
        "'last_album'?)");
  for (const char* album : {"abba/B", "abba/C", "queen/B", "queen/C"})
    std::filesystem::remove_all(songs.folder.path(album));
  CHECK(problem([&] { split(songs.open(), "last_album"); })
            .starts_with("split: every artist has one album only, so 'last_album' leaves none to learn from "
                         "(songs:split { by = 'track'"));
}

TEST_CASE("every field of a layout is a level, and albums are paths wherever their names stand") {
  const ScratchFolder folder;
  Songs unused;  // for its cache and listener
  for (const char* song :
       {"abba - Gold - a.mp3", "abba - Live - b.mp3", "queen - Gold - c.mp3", "queen - Live - d.mp3"})
    folder.file(song);
  const Dataset flat = open_corpus("folder", folder.path(), {{"layout", "{artist} - {album} - {track}"}});
  CHECK(flat.levels() == std::vector<std::string>{"artist", "album", "track"});
  CHECK(flat.default_group() == "album");
  CHECK(flat.groups("album") == std::vector<std::string>{"abba/Gold", "abba/Live", "queen/Gold", "queen/Live"});
  CHECK(split(flat, "last_album").valid.size() == 2);
  const ScratchFolder spoken;
  for (const char* take : {"one/ann_1.mp3", "one/bob_1.mp3", "two/ann_1.mp3", "two/bob_1.mp3"}) spoken.file(take);
  const Dataset digits =
      open_corpus("folder", spoken.path(), {{"layout", "{digit}/{speaker}_{take}"}, {"label", "digit"}});
  CHECK(digits.groups("speaker") == std::vector<std::string>{"ann", "bob", "ann", "bob"});
  CHECK(problem([&] {
          random_split(digits, {.hold = 1, .by = "track", .per = "speaker"});
        }).find("(by = 'speaker' keeps each whole") != std::string::npos);
}

TEST_CASE("names without words of their own are no songs; a moved song is left out of training, and listed") {
  Songs songs;
  for (const char* name : {"01", "song1", "AudioTrack 01", "Intro"}) {
    songs.folder.file("queen/A/" + std::string(name) + ".mp3", std::string("a") + name);
    songs.folder.file("queen/C/" + std::string(name) + ".mp3", std::string("c") + name);
  }
  CHECK(split(songs.open(), "last_album").audit.clean());
  songs.folder.file("queen/C/07_X-A.mp3", "queen/A/01-xA.mp3");  // by name and by bytes
  songs.folder.file("queen/B/x a.mp3");
  const Split moved = split(songs.open(), "last_album", "moved");
  CHECK(moved.audit.clean());
  REQUIRE(moved.audit.moved.size() == 2);
  CHECK(moved.audit.moved[0].kind == "file");
  CHECK(moved.audit.moved[1].kind == "song");
  CHECK(moved.train.size() == 8 + 4 + 1 - 2);
  CHECK(moved.valid.size() == 4 + 4 + 1);
  CHECK(
      moved.audit.line().starts_with("2 recordings of training left out, because validation has the same songs (leak "
                                     "= 'moved'); no other album, song or recording is on both sides"));
  CHECK(problem([&] {
          random_split(songs.open(), {.hold = 1, .by = "track", .per = "album", .leak = "moved"});
        }).starts_with("split: album '"));
}

TEST_CASE("the lists of a split have path, artist and title, quoted as csv") {
  Songs songs;
  songs.folder.file("queen/C/03-No, \"really\".mp3");
  const Split split = data::split(songs.open(), "last_album");
  write_split(songs.kept.path("run"), split);
  const std::string root = songs.folder.path();
  CHECK(read_file(songs.kept.path("run/validation.txt")) ==
        root + "/abba/C/01-xC.mp3,abba,01-xC\n" + root + "/abba/C/02-yC.mp3,abba,02-yC\n" + root +
            "/queen/C/01-xC.mp3,queen,01-xC\n" + root + "/queen/C/02-yC.mp3,queen,02-yC\n\"" + root +
            "/queen/C/03-No, \"\"really\"\".mp3\",queen,\"03-No, \"\"really\"\"\"\n");
  CHECK(read_file(songs.kept.path("run/train.txt")).starts_with(root + "/abba/A/01-xA.mp3,abba,01-xA\n"));
}

TEST_CASE("a random split holds whole albums of each artist, the same for the same seed") {
  Songs songs;
  const auto held = [&](int seed) {
    const Split split = random_split(songs.open(), {.hold = 1, .by = "album", .per = "artist", .seed = seed});
    CHECK(split.valid.size() == 4);
    const auto artists = split.valid.column("artist");
    CHECK(std::set<std::string>(artists.begin(), artists.end()).size() == 2);
    return split.valid.groups("album");
  };
  CHECK(held(1) == held(1));
  std::set<std::vector<std::string>> different;
  for (int seed = 0; seed < 10; ++seed) different.insert(held(seed));
  CHECK(different.size() > 2);
  const Split share = random_split(songs.open(), {.hold = 0.34, .seed = 1});
  CHECK(share.valid.size() == 4);  // two of six albums
  CHECK(share.rule == "validation: 34 % of the albums at random, seed 1 (4 songs)");
  CHECK(random_split(songs.open(), {.hold = 1.0 / 6, .seed = 1}).rule ==
        "validation: 16.7 % of the albums at random, seed 1 (2 songs)");
  const Split even = random_split(songs.open(), {.hold = 0.34, .seed = 1, .stratify = true});
  CHECK(even.valid.labels() == std::vector<std::string>{"abba", "abba", "queen", "queen"});
}

TEST_CASE("where too few can be dealt, what cannot be read is said to be the reason") {
  Songs songs;
  for (const char* album : {"abba/B", "abba/C", "queen/B", "queen/C"})
    std::filesystem::remove_all(songs.folder.path(album));
  CHECK(problem([&] { folds(songs.open(), {.folds = 2}); }) ==
        "folds: every artist has one album only, so none can be both learnt and tested (by = 'track' with leak = "
        "'allowed' goes on, under a red line); 4 of 4 songs cannot be read, the first: " +
            songs.folder.path("abba/A/01-xA.mp3"));
}

TEST_CASE("holding too much is an error") {
  Songs songs;
  CHECK(
      problem([&] { random_split(songs.open(), {.hold = 3, .per = "artist"}); }) ==
      "split: no artist has more than 3 albums, so holding as many leaves none to learn from (by = 'track' with leak = "
      "'allowed' goes on, under a red line); 12 of 12 songs cannot be read, the first: " +
          songs.folder.path("abba/A/01-xA.mp3"));
  CHECK(problem([&] { random_split(songs.open(), {.hold = 1.5}); }) ==
        "split: 'hold' = 1.5 must be a share (0 to 1) or a whole number of groups");
  CHECK(problem([&] {
          random_split(songs.open(), {.hold = 1, .by = "artist", .per = "album"});
        }).starts_with("split: 'by' = 'artist' is coarser than 'per' = 'album'"));
}

TEST_CASE("an album on both sides is refused, unless the leak is allowed, and then the red line stays") {
  Songs songs;
  const SplitOptions by_song{.hold = 0.5, .by = "track", .per = "album", .seed = 1};
  CHECK(problem([&] { random_split(songs.open(), by_song); }) ==
        "split: album 'abba/A' is on both sides, and 5 more (by = 'album' keeps each whole, leak = 'allowed' goes on)");
  SplitOptions allowed = by_song;
  allowed.leak = "allowed";
  const Split leaky = random_split(songs.open(), allowed);
  CHECK(leaky.train.leak() == "LEAK: 6 albums are on both sides (leak = 'allowed'): the scores are too good");
  CHECK(leaky.valid.leak() == leaky.train.leak());
  CHECK(problem([&] { split(songs.open(), "last_album", "alowed"); }) ==
        "split: 'leak' = 'alowed' is none of 'refused', 'allowed', 'moved' (did you mean 'allowed'?)");
}

TEST_CASE("a song of the same name or the same bytes on both sides is refused") {
  Songs songs;
  SECTION("name") {
    songs.folder.file("queen/C/07_X-A.mp3");
    CHECK(problem([&] { split(songs.open(), "last_album"); }) ==
          "split: 'queen/A/01-xA.mp3' (train) and 'queen/C/07_X-A.mp3' (validation) are the same song (leak = "
          "'moved' leaves it out of training, leak = 'allowed' goes on)");
  }
  SECTION("bytes") {
    const std::string copy = songs.folder.file("queen/C/other name.mp3", "queen/A/01-xA.mp3");
    CHECK(problem([&] { split(songs.open(), "last_album"); }) ==
          "split: '" + songs.folder.path("queen/A/01-xA.mp3") + "' (train) and '" + copy +
              "' (validation) are the same file (leak = 'moved' leaves it out of training, leak = 'allowed' goes on)");
  }
}

TEST_CASE("an artist on both sides is refused where the artist is not the label") {
  const ScratchFolder folder;
  Songs unused;  // for its cache and listener
  for (const char* song : {"pop/abba/a.mp3", "pop/abba/b.mp3", "rock/queen/c.mp3", "rock/queen/d.mp3"})
    folder.file(song);
  const Dataset songs =
      open_corpus("folder", folder.path(), {{"layout", "{genre}/{artist}/{track}"}, {"label", "genre"}});
  CHECK(problem([&] { random_split(songs, {.hold = 1, .by = "track", .per = "artist"}); }) ==
        "split: artist 'abba' is on both sides, and 1 more (by = 'artist' keeps each whole, leak = 'allowed' goes on)");
}

TEST_CASE("folds are audited splits that keep albums whole") {
  Songs songs;
  const auto rounds = data::folds(songs.open(), {.folds = 3});
  REQUIRE(rounds.size() == 3);
  for (const auto& round : rounds) {
    CHECK(round.valid.size() == 4);
    CHECK(round.audit.clean());
  }
  CHECK(rounds[0].rule == "validation: fold 1 of 3, grouped by album (4 songs)");
  CHECK(data::folds(songs.open(), {.folds = 5}).size() == 5);
  CHECK(songs.listener.warnings.back() ==
        "folds: 2 artists with fewer albums than folds = 5, tested in as many folds as they have: abba (3), queen (3)");
  CHECK(problem([&] { folds(songs.open(), {.folds = 2, .by = "track"}); }).starts_with("folds: album '"));
  CHECK(data::folds(songs.open(), {.folds = 2, .by = "track", .leak = "allowed"}).size() == 2);
}

TEST_CASE("a validation song re-encoded at another bitrate, cut by 0.5 s and renamed into training is refused") {
  const ScratchFolder folder;
  Songs unused;  // for its cache and listener
  uint64_t seed = 0;
  for (const char* artist : {"abba", "queen"}) {
    for (const char* album : {"A", "B"}) {
      const std::string name = std::string(artist) + "/" + album + "/song " + std::to_string(seed) + ".mp3";
      audio::write(folder.path(name), tests::random_song(seed++, 8), {.bit_rate = 32000.0});
    }
  }
  CHECK(split(open_corpus("artist20", folder.path()), "last_album").audit.line() ==
        "no album, song or recording is on both sides (checked by name and by sound: the first 120 s of each, 60 % "
        "of the shorter in common)");
  const std::string copy = folder.path("queen/A/quite another.mp3");  // of queen/B/song 3.mp3
  audio::write(copy, tests::without_start(tests::random_song(3, 8), 0.5), {.bit_rate = 16000.0});
  const auto again = [&] { return split(open_corpus("artist20", folder.path()), "last_album"); };
  CHECK(
      problem(again) ==
      "split: '" + copy + "' (train) and '" + folder.path("queen/B/song 3.mp3") +
          "' (validation) are the same recording (leak = 'moved' leaves it out of training, leak = 'allowed' goes on)");
  unused.listener.tasks.clear();
  CHECK(problem(again) != "");
  CHECK(unused.listener.tasks.empty());  // heard before
  CHECK(split(open_corpus("artist20", folder.path()), "last_album", "allowed").train.leak() ==
        "LEAK: 1 recording is on both sides (leak = 'allowed'): the scores are too good");
}
