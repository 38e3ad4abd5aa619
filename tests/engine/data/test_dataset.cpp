// Datasets: layouts, known corpora, groups, and tables described in parallel and remembered on disk.

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <sys/wait.h>
#include <catch2/catch.hpp>

#include "audio/write.h"
#include "core/cache.h"
#include "core/error.h"
#include "data/corpus.h"
#include "data/table.h"
#include "engine/data/in_store.h"
#include "engine/data/scratch.h"
#include "feature/plan/frames.h"

using namespace lumir;
using namespace lumir::data;
using namespace std::chrono_literals;
using tests::Listener;
using tests::ScratchFolder;

namespace {

/// Describes a file by its size and first letter; counts how often it is asked. A file that begins with '!'
/// cannot be read. Stands in for audio.load and features, which have tests of their own.
class FirstLetter final : public Step {
 public:
  explicit FirstLetter(std::string version) : Step(*find_entry("lumir.chain"), {}), version_(std::move(version)) {}
  std::any apply(const std::any& input, const Context&) const override {
    ++calls;
    const auto& path = input_as<std::string>(input, "first_letter", "a path");
    const std::string text = read_file(path);
    if (text[0] == '!') throw Error(path + ": no audio in it");
    return feature::Description{{"size", "letter"}, {static_cast<double>(text.size()), static_cast<double>(text[0])}};
  }
  std::string key() const override { return "first_letter " + version_; }
  static inline std::atomic<int> calls = 0;

 private:
  std::string version_;
};

StepPtr first_letter(const std::string& version = "1") { return std::make_shared<FirstLetter>(version); }

void fill_artist20(const ScratchFolder& folder, const std::string& below = "") {
  for (const char* song :
       {"abba/Greatest_Hits/01-SOS.mp3", "abba/Voulez/01-Voulez.mp3", "queen/Greatest_Hits/01-One.mp3",
        "queen/Jazz/02-Mustapha, Ibrahim.mp3", "queen/Jazz/01-Bicycle.mp3"}) {
    folder.file(below + song);
  }
}

}  // namespace

TEST_CASE("artist20 reads artists and albums, also from above mp3s-32k") {
  const ScratchFolder plain, above;
  fill_artist20(plain);
  fill_artist20(above, "mp3s-32k/");
  for (const auto* folder : {&plain, &above}) {
    const Dataset songs = open_corpus("artist20", folder->path());
    CHECK(songs.size() == 5);
    CHECK(songs.columns() == std::vector<std::string>{"id", "path", "track", "artist", "album", "title", "seconds"});
    CHECK(songs.classes() == std::vector<std::string>{"abba", "queen"});
    CHECK(songs.column("title")[4] == "02-Mustapha, Ibrahim");
    CHECK(songs.column("track")[3] == "queen/Jazz/01-Bicycle.mp3");
    CHECK(songs.groups("album")[0] == "abba/Greatest_Hits");
    CHECK(songs.groups("album")[2] == "queen/Greatest_Hits");
    CHECK(songs.groups("artist")[2] == "queen");
    CHECK(songs.default_group() == "album");
    CHECK_FALSE(songs.synthetic());
  }
}

TEST_CASE("rows are sorted by bytes, not by a language's rules") {
  const ScratchFolder folder;
  for (const char* song : {"b/x/1.mp3", "B/x/1.mp3", "a b/x/1.mp3", "a/x/1.mp3"}) folder.file(song);
  CHECK(open_corpus("artist20", folder.path()).column("artist") ==
        std::vector<std::string>{"B", "a b", "a", "b"});  // ids compare whole: ' ' stands before '/'
}

TEST_CASE("a layout names fields in folders and in file names") {
  const ScratchFolder folder;
  folder.file("rock/queen_1974/03 - Killer Queen.flac");
  folder.file("pop/abba_1975/01 - SOS.WAV");
  folder.file("pop/abba_1975/cover.jpg");
  folder.file("pop/abba_1975/.hidden.mp3");
  const Dataset songs = open_corpus("folder", folder.path(),
                                    {{"layout", "{genre}/{artist}_{year}/{number} - {title}"}, {"label", "genre"}});
  CHECK(songs.columns() ==
        std::vector<std::string>{"id", "path", "track", "artist", "title", "seconds", "genre", "year", "number"});
  CHECK(songs.column("title") == std::vector<std::string>{"SOS", "Killer Queen"});
  CHECK(songs.column("year") == std::vector<std::string>{"1975", "1974"});
  CHECK(songs.labels() == std::vector<std::string>{"pop", "rock"});
  CHECK(songs.groups("artist") == std::vector<std::string>{"abba", "queen"});
}

TEST_CASE("a folder that does not fit says what was wanted and what was found") {
  const ScratchFolder folder;
  const std::string root = folder.path();
  Listener listener;
  const ObserverScope scope(listener);
  const auto open = [&](const char* corpus = "artist20") { return open_corpus(corpus, root); };
  CHECK_THROWS_WITH(open_corpus("artist20", folder.path("none")), folder.path("none") + ": no such folder");
  CHECK_THROWS_WITH(open(), root + ": no audio files in it");
  folder.file("a.mp3");
  folder.file("b.mp3");
  CHECK_THROWS_WITH(open(), root +
                                ": no folder of the form artist/album/track.mp3 below it (found 2 audio files at "
                                "depth 1)");
  folder.file("queen/jazz/1.mp3");
  const std::string alone = root + ": one artist only ('queen'), and telling apart needs at least two";
  CHECK_THROWS_WITH(open(), alone + "; " + folder.path("queen/jazz/1.mp3") + " cannot be read");
  folder.file("queen/jazz/2.mp3");
  CHECK_THROWS_WITH(open(), alone + "; 2 of 2 songs cannot be read, the first: " + folder.path("queen/jazz/1.mp3"));
  folder.file("abba/voulez/1.mp3");
  folder.file("test/0017.mp3");  // a sample's unlabelled files: a corpus of their own
  folder.file("test/SYNTHETIC");
  listener.warnings.clear();
  CHECK(open().size() == 3);
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0] == root + ": 2 paths left out, the first: a.mp3 (not of the form artist/album/track.mp3)");
  CHECK_THROWS_WITH(open_corpus("artist2", root), "data: no corpus is called 'artist2' (did you mean 'artist20'?)");
  CHECK_THROWS_WITH(open_corpus("folder", root, {{"label", "artst"}}),
                    "folder: 'label' = 'artst' is no field of the layout '{artist}/{album}/{track}' (did you mean "
                    "'artist'?)");
  CHECK_THROWS_WITH(open_corpus("folder", root, {{"layout", "{artist/{track}"}, {"label", ""}}),
                    Catch::Contains("folder: 'layout' = '{artist/{track}'"));
}

TEST_CASE("unlabelled files have numbers as IDs, in ascending order") {
  const ScratchFolder folder;
  for (const char* name : {"0010.mp3", "0002.wav", "9.mp3", "truth.csv"}) folder.file(name);
  const Dataset files = open_corpus("files", folder.path());
  CHECK(files.column("id") == std::vector<std::string>{"2", "9", "10"});
  CHECK(files.columns() == std::vector<std::string>{"id", "path"});
  CHECK(files.labels().empty());
  folder.file("0009.wav");
  CHECK_THROWS_WITH(open_corpus("files", folder.path()), folder.path() + ": 0009.wav and 9.mp3 are both ID 9");
  std::filesystem::remove(folder.path("0009.wav"));
  folder.file("song.mp3");
  CHECK_THROWS_WITH(open_corpus("files", folder.path()),
                    folder.path() + ": the file name 'song.mp3' is no number, and an ID is one (0001.mp3)");
}

TEST_CASE("unlabelled files with names have these as IDs, and paths where folders below are taken too") {
  const ScratchFolder folder;
  for (const char* name : {"blues.00000.wav", "my song.mp3"}) folder.file(name);
  CHECK(open_corpus("files", folder.path()).column("id") == std::vector<std::string>{"blues.00000", "my song"});
  folder.file("my song.wav");
  CHECK_THROWS_WITH(open_corpus("files", folder.path()),
                    folder.path() + ": my song.mp3 and my song.wav are both ID my song");

  const ScratchFolder nested;
  for (const char* name : {"rock/1.wav", "jazz/1.wav"}) nested.file(name);
  CHECK_THROWS_WITH(open_corpus("files", nested.path()),
                    nested.path() +
                        ": no audio files directly in it (found 2 audio files at depth 2); 'recursive' takes "
                        "those below");
  CHECK(open_corpus("files", nested.path(), {{"recursive", true}}).column("id") ==
        std::vector<std::string>{"jazz/1", "rock/1"});
}

TEST_CASE("an unknown column names its neighbour") {
  const ScratchFolder folder;
  fill_artist20(folder);
  const Dataset songs = open_corpus("artist20", folder.path());
  CHECK_THROWS_WITH(songs.column("titel"), "dataset: no column 'titel' (did you mean 'title'?)");
  CHECK_THROWS_WITH(songs.groups("albun"), "dataset: nothing to group by is called 'albun' (did you mean 'album'?)");
}

TEST_CASE("a table has a row for each file, with its label and groups") {
  const ScratchFolder folder, kept;
  Cache cache(kept.path());
  const CacheScope scope(cache);
  Listener listener;
  const ObserverScope observer_scope(listener);
  fill_artist20(folder);
  const Dataset songs = open_corpus("artist20", folder.path());
  CHECK_THROWS_AS(songs.table(), ArgumentError);
  const Table table = songs.map(first_letter()).table();
  CHECK(listener.tasks == std::vector<std::string>{"describe 5 songs"});
  CHECK(table.columns == std::vector<std::string>{"size", "letter"});
  CHECK(table.ids == songs.column("id"));
  CHECK(table.labels() == songs.labels());
  CHECK(table.y == std::vector<int>{0, 0, 1, 1, 1});
  CHECK(table.group == "album");
  CHECK(table.groups == songs.groups("album"));
  CHECK(table.groups_by("track") == songs.column("track"));
  CHECK(table.x(2, 0) == 30);
  CHECK(table.x(2, 1) == 'q');
  const std::vector<int> last = {4, 0};
  const Table part = table.take(last);
  CHECK(part.ids == std::vector<std::string>{table.ids[4], table.ids[0]});
  CHECK(part.groups_by("artist") == std::vector<std::string>{"queen", "abba"});
  CHECK(part.x(0, 0) == table.x(4, 0));
}

TEST_CASE("only what changed is described again") {
  const ScratchFolder folder, kept;
  Cache cache(kept.path());
  const CacheScope scope(cache);
  Listener listener;
  const ObserverScope observer_scope(listener);
  fill_artist20(folder);
  const auto described_again = [&](const StepPtr& step) {
    const int before = FirstLetter::calls;
    open_corpus("artist20", folder.path()).map(step).table();
    return FirstLetter::calls - before;
  };
  CHECK(described_again(first_letter()) == 5);
  CHECK(described_again(first_letter()) == 0);
  folder.file("abba/Voulez/01-Voulez.mp3", "abba/Voulez/01-Voulez.mp4");  // one byte of one file
  CHECK(described_again(first_letter()) == 1);
  CHECK(described_again(first_letter("2")) == 5);  // another option or source
  std::filesystem::rename(folder.path("abba"), folder.path("abba_2"));
  CHECK(described_again(first_letter()) == 0);  // content counts, not names

  const Dataset songs = open_corpus("artist20", folder.path()).map(first_letter("3"));
  const int before = FirstLetter::calls;
  songs.table();
  songs.table();
  CHECK(FirstLetter::calls - before == 5);
}

TEST_CASE("tables and what was described share one copy of the numbers, and rows of a chain one list of names") {
  const ScratchFolder folder, kept;
  Cache cache(kept.path());
  const CacheScope scope(cache);
  Listener listener;
  const ObserverScope observer_scope(listener);
  fill_artist20(folder);
  std::this_thread::sleep_for(150ms);  // the content of what changed a moment ago is not remembered
  Dataset songs = open_corpus("artist20", folder.path()).map(first_letter("shared"));
  const auto numbers = [](const Table& table) { return table.x->values.data(); };
  SECTION("of a whole corpus, asked twice") { CHECK(numbers(songs.table()) == numbers(songs.table())); }
  SECTION("of both sides of a split, described in one pass") {
    const std::vector<int> left{0, 2, 4}, right{1, 3};
    Dataset train = songs.take(left), valid = songs.take(right);
    train.describe_with(songs);
    valid.describe_with(songs);
    const Table one = train.table(), other = valid.table();
    CHECK(numbers(one) == numbers(train.table()));
    CHECK(numbers(other) == numbers(valid.table()));
    CHECK(one.x->rows == 3);
    CHECK(other.x->rows == 2);
    const Table all = songs.table();  // which takes the numbers over
    CHECK(numbers(all) == numbers(songs.table()));
    for (size_t i = 0; i < 5; ++i) CHECK(all.x(i, 0) == (i % 2 ? other : one).x(i / 2, 0));
  }
  SECTION("of a copy of the table with other classes") {
    const Table table = songs.table();
    CHECK(numbers(table) == numbers(table.with_classes({"queen", "abba"}, "test")));
  }
  CHECK(listener.tasks == std::vector<std::string>{"describe 5 songs"});
  songs.table();
  cache.flush();
  // the content and the row of each song, and the names once
  CHECK(tests::in_store(kept.path(), "SELECT count(*) FROM entries") == 11);
}

TEST_CASE("rows of a file that fails leave no gap in the table") {
  const ScratchFolder folder, kept;
  Cache cache(kept.path());
  const CacheScope scope(cache);
  Listener listener;
  const ObserverScope observer_scope(listener);
  fill_artist20(folder);
  const Dataset songs = open_corpus("artist20", folder.path());
  const Table whole = songs.map(first_letter("gap")).table();
  write_file(songs.column("path")[1], "!");
  const Table table = open_corpus("artist20", folder.path()).map(first_letter("gap")).table();
  REQUIRE(table.rows() == 4);
  for (size_t i = 0; i < 4; ++i) CHECK(table.x(i, 0) == whole.x(i == 0 ? 0 : i + 1, 0));
}

TEST_CASE("a damaged cache entry is described again, with the same table") {
  const ScratchFolder folder, kept;
  Cache cache(kept.path());
  const CacheScope scope(cache);
  Listener listener;
  const ObserverScope observer_scope(listener);
  fill_artist20(folder);
  const Table first = open_corpus("artist20", folder.path()).map(first_letter()).table();
  tests::in_store(kept.path(), "UPDATE pieces SET bytes = substr(bytes, 1, length(bytes) / 2)");
  const Table again = open_corpus("artist20", folder.path()).map(first_letter()).table();
  CHECK(again.x->values == first.x->values);
}

TEST_CASE("runs killed at random moments leave a cache that gives the same table") {
  const ScratchFolder folder, kept;
  Listener listener;
  const ObserverScope observer_scope(listener);
  for (int song = 0; song < 60; ++song) {
    const std::string number = std::to_string(song);
    folder.file((song % 2 ? "abba/A/" : "queen/Q/") + number + ".mp3", std::string(20'000, 'a') + number);
  }
  const auto table_with = [&](const std::string& cache_at) {
    Cache cache(cache_at);
    const CacheScope scope(cache);
    return open_corpus("artist20", folder.path()).map(first_letter()).table();
  };
  const Table clean = table_with(kept.path("clean"));
  for (int round = 0; round < 15; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      table_with(kept.path("killed"));
      _exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500 + 700 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  const Table after = table_with(kept.path("killed"));
  CHECK(after.ids == clean.ids);
  CHECK(after.x->values == clean.x->values);
}

TEST_CASE("files that cannot be read are listed, counted and left out") {
  const ScratchFolder folder, kept;
  Cache cache(kept.path());
  const CacheScope scope(cache);
  Listener listener;
  const ObserverScope observer_scope(listener);
  fill_artist20(folder);
  const std::string broken = folder.file("queen/Jazz/01-Bicycle.mp3", "!");
  const Table table = open_corpus("artist20", folder.path()).map(first_letter()).table();
  CHECK(table.rows() == 4);
  REQUIRE(table.skipped.size() == 1);
  CHECK(table.skipped[0].path == broken);
  CHECK(listener.warnings ==
        std::vector<std::string>{broken + ": no audio in it", "1 song of 5 left out, listed above"});
  for (const char* name : {"abba", "queen/Greatest_Hits"}) std::filesystem::remove_all(folder.path(name));
  folder.file("abba/Voulez/1.mp3", "!!");
  folder.file("queen/Jazz/02-Mustapha, Ibrahim.mp3", "!!!");
  CHECK_THROWS_WITH(open_corpus("artist20", folder.path()).map(first_letter()).table(),
                    Catch::Contains(": none of 3 songs could be read; the first: "));
}

TEST_CASE("the data hash follows contents and ids, not the place of the root") {
  const ScratchFolder one, two;
  fill_artist20(one);
  fill_artist20(two);
  const std::string hash = open_corpus("artist20", one.path()).hash();
  CHECK(hash.size() == 64);
  CHECK(open_corpus("artist20", two.path()).hash() == hash);
  two.file("abba/Voulez/01-Voulez.mp3", "changed");
  CHECK(open_corpus("artist20", two.path()).hash() != hash);
}

TEST_CASE("a described table becomes csv and npy with the names of its columns") {
  const ScratchFolder folder;
  Table table;
  Matrix numbers(2, 2);
  numbers.values = {1, 0.5, -2, 1e-7};
  table.x = numbers;
  table.columns = {"rms_mean", "tempo"};
  table.ids = {"a/b, c.mp3", "d.mp3"};
  table.classes = {"abba", "queen"};
  table.y = {1, 0};
  table.label = "artist";
  write_table(table, folder.path("x.csv"));
  CHECK(read_file(folder.path("x.csv")) ==
        "id,artist,rms_mean,tempo\n\"a/b, c.mp3\",queen,1,0.5\nd.mp3,abba,-2,1e-07\n");
  write_table(table, folder.path("x.npy"));
  const std::string bytes = read_file(folder.path("x.npy"));
  REQUIRE(bytes.size() == 128 + 4 * sizeof(double));
  CHECK(bytes.substr(1, 5) == "NUMPY");
  CHECK(bytes.substr(10, 60) == "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), } ");
  CHECK(read_file(folder.path("x.npy.columns.txt")) == "rms_mean\ntempo\n");
  CHECK(read_file(folder.path("x.npy.rows.csv")) == "id,artist\n\"a/b, c.mp3\",queen\nd.mp3,abba\n");
  CHECK_THROWS_WITH(write_table(table, "x.txt"), "write: 'path' = 'x.txt' must end in .csv, .npy or .npz");
}

TEST_CASE("a dataset shows its counts, its length and a bar for each class") {
  const ScratchFolder folder, kept;
  Cache cache(kept.path());
  const CacheScope scope(cache);
  audio::Clip second;
  second.rate = 8000;
  second.samples.assign(8000, 0.1f);
  for (const char* song : {"abba/x/1.wav", "queen/y/1.wav", "queen/y/2.wav"}) audio::write(folder.path(song), second);
  folder.file("SYNTHETIC", R"({"corpus": "artist20", "files": []})");
  CHECK(show(open_corpus("artist20", folder.path())) ==
        "Dataset  3 songs · 2 artists · 2 albums · 3 s · columns id, path, track, artist, album, title, "
        "seconds · "
        "synthetic sample\n  abba   #    1\n  queen  ##   2");
}
