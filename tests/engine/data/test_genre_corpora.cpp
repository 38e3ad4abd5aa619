// GTZAN and FMA as they are handed on, and splits with three sides: by lists, and as a corpus says itself.

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "core/cache.h"
#include "core/error.h"
#include "data/corpus.h"
#include "data/given.h"
#include "data/split.h"
#include "engine/data/scratch.h"

using namespace lumir;
using namespace lumir::data;
using tests::Listener;
using tests::ScratchFolder;

namespace {

/// A folder of files without sound, compared by name and bytes, and what is said of them.
struct Spot {
  ScratchFolder folder, kept;
  Cache cache{kept.path()};
  CacheScope scope{cache};
  Listener listener;
  ObserverScope observer_scope{listener};
};

void fill_genres(const ScratchFolder& folder, const std::string& at, const std::string& ending) {
  for (const std::string genre : {"blues", "jazz", "rock"}) {
    for (const char* number : {"00000", "00001", "00002", "00029"}) {
      folder.file(at + "/" + genre + "/" + genre + "." + number + ending);
    }
  }
}

constexpr const char* kHead =
    ",album,album,artist,artist,set,set,track,track\n"
    ",id,title,id,name,split,subset,genre_top,title\n"
    "track_id,,,,,,,,\n";

/// Six tracks of two genres as FMA has them; 5 has no audio, 10 is of the medium subset, 141 has no genre.
void fill_fma(const ScratchFolder& folder, const std::string& audio, const std::string& metadata) {
  folder.file(metadata + "/tracks.csv", std::string(kHead) +
                                            "2,1,AWOL,1,AWOL,training,small,Hip-Hop,\"Food, drink\nand \"\"more\"\"\"\n"
                                            "3,1,AWOL,1,AWOL,training,small,Hip-Hop,Electric Ave\n"
                                            "5,1,AWOL,1,AWOL,training,small,Hip-Hop,This World\n"
                                            "10,6,Constant Hitmaker,6,Kurt Vile,training,medium,Pop,Freeway\n"
                                            "134,4,Niris,4,Nicky Cook,validation,small,Rock,Street Music\n"
                                            "140,61,,54,Alec K. Redfearn,test,small,Rock,Queen Of The Wires\n"
                                            "141,62,Other,55,Nobody,test,small,,Nameless\n");
  for (const char* number : {"000002", "000003", "000010", "000134", "000140", "000141"}) {
    folder.file(audio + "/000/" + number + ".mp3", std::string("sound of ") + number);
  }
}

std::string problem(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("GTZAN opens at its genres and one or two folders above, as wav and as au") {
  const Spot place;
  fill_genres(place.folder, "archive/Data/genres_original", ".wav");
  fill_genres(place.folder, "old/genres", ".au");
  for (const char* root : {"archive/Data/genres_original", "archive/Data", "archive", "old/genres", "old"}) {
    const Dataset songs = open_corpus("gtzan", place.folder.path(root));
    CHECK(songs.size() == 12);
    CHECK(songs.label() == "genre");
    CHECK(songs.classes() == std::vector<std::string>{"blues", "jazz", "rock"});
    CHECK(songs.levels() == std::vector<std::string>{"genre", "track"});
    CHECK(songs.default_group() == "track");
    CHECK(songs.column("title").front() == "blues.00000");
  }
  CHECK(place.listener.warnings.empty());
}

TEST_CASE("three lists give three sides, whatever ending a path has, and a name alone serves") {
  Spot place;
  fill_genres(place.folder, "genres", ".au");
  const Dataset songs = open_corpus("gtzan", place.folder.path());
  GivenOptions options;
  options.train = place.folder.file("train_filtered.txt", "blues/blues.00029.wav\njazz/jazz.00000.wav\n");
  options.valid = place.folder.file("valid_filtered.txt", "blues.00001.wav\njazz.00001\n");
  options.test = place.folder.file("test_filtered.txt", "rock/rock.00002\nblues/blues.00002.au\njazz.00002.au\n");
  const Split split = given_split(songs, options);
  CHECK(split.train.column("title") == std::vector<std::string>{"blues.00029", "jazz.00000"});
  CHECK(split.valid.column("title") == std::vector<std::string>{"blues.00001", "jazz.00001"});
  REQUIRE(split.test);
  CHECK(split.test->column("title") == std::vector<std::string>{"blues.00002", "jazz.00002", "rock.00002"});
  CHECK(split.whole.size() == 7);
  CHECK(split.test->classes() == songs.classes());
  CHECK(split.rule ==
        "validation: as listed in valid_filtered.txt (2 songs) · test: as listed in test_filtered.txt (3 songs)");
  CHECK(split.compared.size() == 3);
  CHECK_THAT(split.audit_line(), Catch::StartsWith("no song or recording is on two sides (checked by name and"));
  CHECK(place.listener.warnings.back() == "split: 5 songs of 12 on none of the lists");

  options.test = place.folder.file("test.txt", "blues/blues.00001.wav\n");
  CHECK(problem([&] { given_split(songs, options); }) ==
        "split: " + options.test + ": 1 path is on another list too: 'blues/blues.00001.wav'");
}

TEST_CASE("paths of a list that are not there are refused, or told where missing = 'told'") {
  Spot place;
  fill_genres(place.folder, "genres", ".wav");
  const Dataset songs = open_corpus("gtzan", place.folder.path());
  GivenOptions options;
  options.train = place.folder.file("t.txt", "blues/blues.00000.wav\njazz/jazz.00054.wav\nblues/jazz.00000.wav\n");
  options.valid = place.folder.file("v.txt", "jazz/jazz.00001.wav\n");
  const std::string told =
      "split: " + options.train + ": 2 paths are not in gtzan: 'jazz/jazz.00054.wav', 'blues/jazz.00000.wav'";
  CHECK(problem([&] { given_split(songs, options); }) == told);
  options.missing = "told";
  const Split split = given_split(songs, options);
  CHECK(split.train.column("title") == std::vector<std::string>{"blues.00000"});
  CHECK_FALSE(split.test);
  CHECK(place.listener.warnings.front() == told);
}

TEST_CASE("FMA reads tracks.csv with quotes, commas and line breaks, and tells of tracks without audio or genre") {
  Spot place;
  fill_fma(place.folder, "fma/fma_small", "fma/fma_metadata");
  const Dataset tracks = open_corpus("fma", place.folder.path("fma"));
  CHECK(tracks.column("id") == std::vector<std::string>{"2", "3", "134", "140"});
  CHECK(tracks.column("track").front() == "000/000002.mp3");
  CHECK(tracks.column("title").front() == "Food, drink\nand \"more\"");
  CHECK(tracks.column("artist") == std::vector<std::string>{"AWOL", "AWOL", "Nicky Cook", "Alec K. Redfearn"});
  CHECK(tracks.groups("album") ==
        std::vector<std::string>{"AWOL/AWOL", "AWOL/AWOL", "Nicky Cook/Niris", "Alec K. Redfearn/61"});
  CHECK(tracks.labels() == std::vector<std::string>{"Hip-Hop", "Hip-Hop", "Rock", "Rock"});
  REQUIRE(tracks.left_out().size() == 2);
  CHECK(tracks.left_out()[0].path == "000/000005.mp3");
  CHECK(tracks.left_out()[0].reason == "in tracks.csv, and no such file");
  CHECK(tracks.left_out()[1].path == "000/000141.mp3");
  CHECK(tracks.left_out()[1].reason == "no genre in tracks.csv");
}

TEST_CASE("FMA opens above its folders, at the audio, with the metadata beside or inside; a larger subset serves") {
  Spot place;
  fill_fma(place.folder, "one/fma/fma_small", "one/fma/fma_metadata");
  for (const char* root : {"one", "one/fma", "one/fma/fma_small"}) {
    CHECK(open_corpus("fma", place.folder.path(root)).size() == 4);
  }
  fill_fma(place.folder, "two/fma_small/fma_small", "two/fma_metadata");
  CHECK(open_corpus("fma", place.folder.path("two")).size() == 4);
  fill_fma(place.folder, "three/fma_large", "three/fma_large/fma_metadata");
  CHECK(open_corpus("fma", place.folder.path("three")).size() == 4);
  const Dataset medium = open_corpus("fma", place.folder.path("three"), {{"subset", "medium"}});
  CHECK(medium.column("id") == std::vector<std::string>{"2", "3", "10", "134", "140"});
  CHECK(medium.column("subset")[2] == "medium");

  fill_fma(place.folder, "four/elsewhere", "four/fma_metadata");
  CHECK(problem([&] { open_corpus("fma", place.folder.path("four")); }) ==
        place.folder.path("four") + ": no fma_small/000/000002.mp3 in it, in a folder of it or beside it");
  place.folder.file("five/fma_small/000/000002.mp3");
  CHECK(problem([&] { open_corpus("fma", place.folder.path("five")); }) ==
        place.folder.path("five") + ": no fma_metadata/tracks.csv in it, in a folder of it or beside it");
  CHECK_THAT(problem([&] {
               open_corpus("fma", place.folder.path("one"), {{"subset", "smal"}});
             }),
             Catch::Contains("did you mean 'small'?"));
}

TEST_CASE("a tracks.csv that is not right is told by its line") {
  Spot place;
  place.folder.file("fma_small/000/000002.mp3");
  const auto said = [&](const std::string& text) {
    const std::string file = place.folder.file("fma_metadata/tracks.csv", text);
    const std::string line = problem([&] { open_corpus("fma", place.folder.path()); });
    return line.starts_with(file) ? line.substr(file.size()) : line;
  };
  CHECK(said("track_id,title\n2,x\n") == ": not FMA's tracks.csv, whose header has three lines");
  CHECK(said(std::string(kHead) + "2,1,AWOL\n") == ", line 4: 3 fields, and the header has 9");
  CHECK(said(std::string(kHead) + "x,1,A,1,A,training,small,Pop,T\n") == ", line 4: 'x' is no number of a track");
  CHECK(said(",track,artist\n,title,name\ntrack_id,,\n2,x,y\n") ==
        ": no column set.subset (its header has three lines)");
}

TEST_CASE("split 'official' gives the three sides that a corpus comes with, and audits them") {
  Spot place;
  fill_fma(place.folder, "fma_small", "fma_metadata");
  const Dataset tracks = open_corpus("fma", place.folder.path());
  const Split split = data::split(tracks, "official");
  CHECK(split.train.column("id") == std::vector<std::string>{"2", "3"});
  CHECK(split.valid.column("id") == std::vector<std::string>{"134"});
  REQUIRE(split.test);
  CHECK(split.test->column("id") == std::vector<std::string>{"140"});
  CHECK(split.rule == "validation and test: as published (1 track and 1)");
  CHECK_THAT(split.audit_line(), Catch::StartsWith("no artist, album, song or recording is on two sides"));
  write_split(place.kept.path("run"), split);
  CHECK(read_file(place.kept.path("run/test.txt")) ==
        place.folder.path("fma_small/000/000140.mp3") + ",Alec K. Redfearn,Queen Of The Wires\n");
}

TEST_CASE("an artist on two of three sides is a leak that names them; copies move from the earlier side") {
  Spot place;
  place.folder.file("fma_metadata/tracks.csv", std::string(kHead) +
                                                   "1,1,A,1,One,training,small,Pop,first\n"
                                                   "2,2,B,2,Two,validation,small,Pop,second\n"
                                                   "3,2,B,2,Two,test,small,Rock,third\n");
  for (const char* number : {"000001", "000002", "000003"})
    place.folder.file("fma_small/000/" + std::string(number) + ".mp3");
  const auto official = [&](const std::string& leak) {
    return data::split(open_corpus("fma", place.folder.path()), "official", leak);
  };
  CHECK_THAT(problem([&] { official("refused"); }),
             Catch::StartsWith("split: artist 'Two' is in validation and in test, and 1 more (by = 'artist'"));
  const Split allowed = official("allowed");
  CHECK(allowed.audit_line() ==
        "LEAK: 1 artist and 1 album are on two sides (leak = 'allowed'): the scores are too good");
  CHECK(allowed.train.leak() == allowed.audit_line());

  place.folder.file("fma_metadata/tracks.csv", std::string(kHead) +
                                                   "1,1,A,1,One,training,small,Pop,first\n"
                                                   "2,2,B,2,Two,validation,small,Pop,second\n"
                                                   "3,3,C,3,Three,test,small,Rock,third\n");
  place.folder.file("fma_small/000/000002.mp3", "the same");
  place.folder.file("fma_small/000/000003.mp3", "the same");
  CHECK_THAT(problem([&] { official("refused"); }),
             Catch::Contains("(validation) and '" + place.folder.path("fma_small/000/000003.mp3") +
                             "' (test) are the same file (leak = 'moved' leaves it out of validation"));
  CHECK(problem([&] { official("moved"); }) ==
        "split: 'leak' = 'moved' leaves no tracks for validation, because each of its own is on a later side too");

  place.folder.file("fma_metadata/tracks.csv", std::string(kHead) +
                                                   "1,1,A,1,One,training,small,Pop,first\n"
                                                   "2,2,B,2,Two,validation,small,Pop,second\n"
                                                   "3,3,C,3,Three,test,small,Rock,third\n"
                                                   "4,2,B,2,Two,validation,small,Rock,fourth\n");
  place.folder.file("fma_small/000/000004.mp3");
  const Split moved = official("moved");
  CHECK(moved.train.size() == 1);
  CHECK(moved.valid.column("id") == std::vector<std::string>{"4"});
  CHECK(moved.test->size() == 1);
  CHECK_THAT(moved.audit_line(), Catch::StartsWith("1 recording of earlier sides left out, because a later one has"));
}

TEST_CASE("two artists of one name are told apart by their ids") {
  Spot place;
  place.folder.file("fma_metadata/tracks.csv", std::string(kHead) +
                                                   "1,1,A,1,Dusk,training,small,Pop,first\n"
                                                   "2,2,A,2,Dusk,test,small,Rock,second\n"
                                                   "3,3,C,3,Dawn,test,small,Rock,third\n");
  for (const char* number : {"000001", "000002", "000003"})
    place.folder.file("fma_small/000/" + std::string(number) + ".mp3");
  const Split split = data::split(open_corpus("fma", place.folder.path()), "official");
  CHECK(split.whole.column("artist") == std::vector<std::string>{"Dusk (1)", "Dusk (2)", "Dawn"});
  CHECK(split.audit.clean());
  CHECK_FALSE(split.test);  // two sides: what tests is the second
  CHECK(split.valid.column("id") == std::vector<std::string>{"2", "3"});
  CHECK(split.rule == "test: as published (2 tracks)");
}

TEST_CASE("any layout with a field split knows 'official'; other words and none are told") {
  Spot place;
  for (const char* path : {"train/cat/a", "train/dog/b", "val/cat/c", "test/dog/d"}) {
    place.folder.file("good/" + std::string(path) + ".wav");
    place.folder.file("odd/some" + std::string(path) + ".wav");
  }
  const Map options{{"layout", "{split}/{kind}/{track}"}, {"label", "kind"}};
  const Split split = data::split(open_corpus("folder", place.folder.path("good"), options), "official");
  CHECK(split.train.size() == 2);
  CHECK(split.valid.column("title") == std::vector<std::string>{"c"});
  CHECK(split.test->column("title") == std::vector<std::string>{"d"});
  CHECK(problem([&] { data::split(open_corpus("folder", place.folder.path("odd"), options), "official"); }) ==
        "split: the column split of folder holds 'sometest', 'sometrain', 'someval', and a side is called training, "
        "validation or test");
  fill_genres(place.folder, "genres", ".wav");
  CHECK(problem([&] { data::split(open_corpus("gtzan", place.folder.path()), "official"); }) ==
        "split: 'official' needs the column split (training, validation, test), and gtzan has none");
}
