// Corpora as they are handed on: both layouts of artist20, lists of a split, and folders that are not as they should be.

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "data/corpus.h"
#include "data/given.h"
#include "engine/data/scratch.h"

using namespace lumir;
using namespace lumir::data;
using tests::Listener;
using tests::ScratchFolder;
namespace fs = std::filesystem;

namespace {

/// artist20 as courses give it today: 3 artists, of each 4 albums to learn from, 1 to validate on.
void fill_train_val(const ScratchFolder& folder, const std::string& at) {
  std::string train, valid;
  for (const char* artist : {"abba", "queen", "u2"}) {
    for (const char* album : {"A", "B", "C", "D", "E"}) {
      const std::string song = std::string(artist) + "/" + album + "/01-Song_of_" + artist + "_" + album + ".mp3";
      folder.file(at + "/train_val/" + song);
      std::string& list = *album == 'B' ? valid : train;
      list += (list.empty() ? "[\"./train_val/" : ", \"./train_val/") + song + "\"";
    }
  }
  folder.file(at + "/train.json", train + "]");
  folder.file(at + "/val.json", valid + "]");
  folder.file(at + "/test/001.mp3");
}

std::vector<std::string> reasons_of(const Dataset& songs) {
  std::vector<std::string> lines;
  for (const auto& one : songs.left_out()) lines.push_back(one.path + ": " + one.reason);
  return lines;
}

}  // namespace

TEST_CASE("artist20 opens in both layouts, at the songs and one or two folders above") {
  const ScratchFolder folder;
  fill_train_val(folder, "course/artist20");
  for (const char* root : {"course/artist20/train_val", "course/artist20", "course"}) {
    const Dataset songs = open_corpus("artist20", folder.path(root));
    CHECK(songs.size() == 15);
    CHECK(songs.classes() == std::vector<std::string>{"abba", "queen", "u2"});
    CHECK(songs.column("id").front() == "abba/A/01-Song_of_abba_A.mp3");
    CHECK(songs.left_out().empty());
  }
  folder.file("old/artist20/mp3s-32k/abba/A/1.mp3");
  folder.file("old/artist20/mp3s-32k/queen/A/1.mp3");
  for (const char* root : {"old/artist20/mp3s-32k", "old/artist20", "old"}) {
    CHECK(open_corpus("artist20", folder.path(root)).size() == 2);
  }
}

TEST_CASE("split 'given' takes the corpus's own lists, and lists of any corpus as json, txt and csv") {
  const ScratchFolder folder;
  Listener listener;
  const ObserverScope scope(listener);
  fill_train_val(folder, "artist20");
  const Dataset songs = open_corpus("artist20", folder.path("artist20"));
  const Split own = given_split(songs, {});
  CHECK(own.train.size() == 12);
  CHECK(own.valid.groups("album") == std::vector<std::string>{"abba/B", "queen/B", "u2/B"});
  CHECK(own.rule == "validation: as listed in val.json (3 songs)");
  CHECK(own.audit.clean());

  GivenOptions options;
  options.train = folder.file("train.txt", "abba/A/01-Song_of_abba_A.mp3\nqueen/A/01-Song_of_queen_A\n");
  options.valid = folder.file("valid.csv", "artist,path\r\nabba,\"/else/train_val/abba/C/01-Song_of_abba_C.mp3\"\r\n");
  const Split lists = given_split(songs, options);
  CHECK(lists.train.column("artist") == std::vector<std::string>{"abba", "queen"});
  CHECK(lists.valid.column("album") == std::vector<std::string>{"C"});
  CHECK(listener.warnings.back() == "split: 12 songs of 15 on neither list");
}

TEST_CASE("lists that cannot be right are refused with every offender") {
  const ScratchFolder folder;
  fill_train_val(folder, "artist20");
  const Dataset songs = open_corpus("artist20", folder.path("artist20"));
  GivenOptions options;
  options.train = folder.file("t.txt", "abba/A/01-Song_of_abba_A.mp3\nnobody/A/1.mp3\nabba/Z/2.mp3\n");
  options.valid = folder.file("v.txt", "abba/A/01-Song_of_abba_A.mp3\n");
  CHECK_THROWS_WITH(given_split(songs, options),
                    "split: " + options.train + ": 2 paths are not in artist20: 'nobody/A/1.mp3', 'abba/Z/2.mp3'; " +
                        options.valid + ": 1 path is on the other list too: 'abba/A/01-Song_of_abba_A.mp3'");
  options.valid = folder.file("v.json", "{}");
  CHECK_THROWS_WITH(given_split(songs, options),
                    options.valid + ": not a list of paths, which is [\"artist/album/song.mp3\", ...]");
  const Dataset plain = open_corpus("folder", folder.path("artist20/train_val"));
  CHECK_THROWS_WITH(given_split(plain, {}), Catch::Contains("'given' needs 'train', a file of paths"));
}

TEST_CASE("lists of a split are audited: an album on both sides is a leak") {
  const ScratchFolder folder;
  fill_train_val(folder, "artist20");
  folder.file("artist20/train_val/abba/A/02-Another.mp3");
  const Dataset songs = open_corpus("artist20", folder.path("artist20"));
  GivenOptions options;
  options.train = folder.file("t.txt", "abba/A/01-Song_of_abba_A.mp3\n");
  options.valid = folder.file("v.txt", "abba/A/02-Another.mp3\n");
  CHECK_THROWS_WITH(given_split(songs, options), Catch::Contains("album 'abba/A' is on both sides"));
}

TEST_CASE("discs belong to their album, names that begin with a dot count, every ending is found") {
  const ScratchFolder folder;
  folder.file("floyd/Wall/CD1/01-Flesh.mp3");
  folder.file("floyd/Wall/Disc 2/01-Hey.mp3");
  folder.file("metallica/...And Justice for All/01-Blackened.w64");
  folder.file(".38 Special/Rockin/01-Hold.tta");
  folder.file(".38 Special/Rockin/02-On.spx");
  folder.file(".38 Special/Rockin/03-Two.3GP");
  folder.file(".38 Special/Rockin/._03-Two.3GP");
  Listener listener;
  const ObserverScope scope(listener);
  const Dataset songs = open_corpus("artist20", folder.path());
  CHECK(songs.column("album") ==
        std::vector<std::string>{"Rockin", "Rockin", "Rockin", "Wall", "Wall", "...And Justice for All"});
  CHECK(reasons_of(songs) == std::vector<std::string>{".38 Special/Rockin/._03-Two.3GP: kept by another system"});
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0] == folder.path() +
                                    ": 1 path left out, the first: .38 Special/Rockin/._03-Two.3GP (kept by "
                                    "another system)");
}

TEST_CASE("a FIFO, a broken link, a loop and a second way to a folder are left out and told") {
  const ScratchFolder folder;
  Listener listener;
  const ObserverScope scope(listener);
  folder.file("abba/A/1.mp3");
  folder.file("queen/A/1.mp3");
  REQUIRE(mkfifo(folder.path("abba/A/2.mp3").c_str(), 0600) == 0);
  fs::create_symlink("nowhere", folder.path("abba/A/3.mp3"));
  fs::create_directory_symlink("..", folder.path("abba/loop"));
  fs::create_directory_symlink("abba", folder.path("also"));
  const Dataset songs = open_corpus("artist20", folder.path());
  CHECK(songs.column("id") == std::vector<std::string>{"abba/A/1.mp3", "queen/A/1.mp3"});
  CHECK(reasons_of(songs) == std::vector<std::string>{"abba/A/2.mp3: no regular file", "abba/A/3.mp3: a broken link",
                                                      "abba/loop: a link to the same folder as " + folder.path(),
                                                      "also: a link to the same folder as abba"});
}

TEST_CASE("a folder that cannot be read is left out and told") {
  const ScratchFolder folder;
  Listener listener;
  const ObserverScope scope(listener);
  folder.file("abba/A/1.mp3");
  folder.file("queen/A/1.mp3");
  folder.file("u2/A/1.mp3");
  REQUIRE(chmod(folder.path("u2").c_str(), 0) == 0);
  const bool is_root = geteuid() == 0;  // whom no mode keeps out
  if (is_root) REQUIRE(seteuid(65534) == 0);
  const Dataset songs = open_corpus("artist20", folder.path());
  if (is_root) REQUIRE(seteuid(0) == 0);
  chmod(folder.path("u2").c_str(), 0700);
  CHECK(songs.size() == 2);
  CHECK(reasons_of(songs) == std::vector<std::string>{"u2: Permission denied"});
}

TEST_CASE("wrong names of unlabelled files are all said at once") {
  const ScratchFolder folder;
  for (const char* name : {"001.mp3", "a.mp3", "b.mp3"}) folder.file(name);
  CHECK_THROWS_WITH(open_corpus("files", folder.path()),
                    folder.path() + ": the file names 'a.mp3', 'b.mp3' are no numbers, and an ID is one (0001.mp3)");
}

TEST_CASE("rows that are left out take their classes along, but not on a side of a split") {
  const ScratchFolder folder;
  fill_train_val(folder, "artist20");
  const Dataset songs = open_corpus("artist20", folder.path());
  std::vector<bool> keeps;
  for (const auto& artist : songs.column("artist")) keeps.push_back(artist != "queen");
  const Dataset two = songs.keep(keeps, "without");
  CHECK(two.size() == 10);
  CHECK(two.classes() == std::vector<std::string>{"abba", "u2"});
  CHECK(given_split(songs, {}).valid.keep({true, false, true}, "without").classes().size() == 3);
  CHECK_THROWS_WITH(songs.keep(std::vector<bool>(15), "where"), "where: leaves no songs of artist20");
}
