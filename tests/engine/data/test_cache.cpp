// The disk cache: damage, kills, limits, full disks.

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "core/cache.h"
#include "core/hash.h"
#include "engine/data/in_store.h"
#include "engine/data/scratch.h"

using namespace lumir;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using tests::Listener;
using tests::ScratchFolder;

namespace {

/// More than small entries have.
const std::string large_entry(Cache::kSmallBytes + 300'000, 'y');

/// Files of large entries.
std::vector<fs::path> entries_of(const ScratchFolder& folder) {
  std::vector<fs::path> found;
  if (!fs::exists(folder.path("entries"))) return found;
  for (const auto& at : fs::recursive_directory_iterator(folder.path("entries"))) {
    if (at.is_regular_file() && at.path().filename() != "swept") found.push_back(at.path());
  }
  return found;
}

size_t count_files(const std::string& folder) {
  size_t count = 0;
  for (const auto& at : fs::recursive_directory_iterator(folder)) count += at.is_regular_file();
  return count;
}

std::string numbered(int i) { return "entry " + std::to_string(i); }

/// Entries of a size and content of their own, some of them large.
std::string bytes_of(int i) {
  const size_t size = i % 10 == 0 ? Cache::kSmallBytes + 100'000 : static_cast<size_t>(i * 997 % 30'000);
  return std::string(size, static_cast<char>('a' + i % 26)) + std::to_string(i);
}

/// What another process does until it is killed or comes to its end.
template <class Body>
pid_t in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  return child;
}

void damage(const fs::path& path, std::streamoff from_end) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-from_end, std::ios::end);
  file.put('X');
}

}  // namespace

TEST_CASE("what was put is got, byte for byte, by another Cache of the same folder") {
  const ScratchFolder folder;
  const std::string bytes = GENERATE(std::string("a\0b\nc", 5), std::string(), large_entry);
  {
    Cache cache(folder.path());
    cache.put("key", bytes);
    CHECK(cache.get("key") == bytes);
  }
  CHECK(Cache(folder.path()).get("key") == bytes);
  CHECK_FALSE(Cache(folder.path()).get("other key"));
}

TEST_CASE("what was flushed is seen by others at once, and nothing is made by asking") {
  const ScratchFolder folder;
  Cache one(folder.path()), other(folder.path());
  CHECK_FALSE(other.get("key"));
  CHECK(count_files(folder.path()) == 0);
  one.put("another", "makes the file");
  one.put("key", "bytes");
  one.flush();
  CHECK(other.get("key") == "bytes");
}

TEST_CASE("thousands of small entries share one file that is hardly larger than they are") {
  const ScratchFolder folder;
  const std::string row(853 * sizeof(double), 'r');
  {
    Cache cache(folder.path());
    for (int i = 0; i < 3000; ++i) {
      cache.put("results of a chain with many options " + std::to_string(i), row + std::to_string(i));
      cache.put("content " + std::to_string(i), std::string(64, 'c'));
    }
  }
  CHECK(count_files(folder.path("small")) == 1);
  CHECK(fs::file_size(tests::store_file(folder.path())) < 1.2 * 3000 * static_cast<double>(row.size()));
}

TEST_CASE("numbers of an entry are aligned, wherever it stands") {
  const ScratchFolder folder;
  Cache cache(folder.path());
  for (const std::string& bytes : {std::string(777, 'x'), large_entry}) {
    cache.put("key", bytes);
    const auto found = cache.map("key");
    REQUIRE(found);
    CHECK(reinterpret_cast<uintptr_t>(found->all.data()) % kNumbersAlignment == 0);
  }
}

TEST_CASE("a damaged or shortened large entry counts as missing") {
  const ScratchFolder folder;
  Cache cache(folder.path());
  cache.put("key", large_entry);
  const fs::path entry = entries_of(folder).at(0);
  SECTION("one byte changed") { damage(entry, 1); }
  SECTION("cut off") { fs::resize_file(entry, fs::file_size(entry) - 1); }
  SECTION("empty") { fs::resize_file(entry, 0); }
  SECTION("of an earlier Lumir") { write_file(entry.string(), "lumir entry 1 " + sha256("old") + "\nold"); }
  CHECK_FALSE(cache.get("key"));
  cache.put("key", "again");
  CHECK(cache.get("key") == "again");
}

TEST_CASE("a damaged small entry counts as missing, and so does one of another name with its key") {
  const ScratchFolder folder;
  Cache cache(folder.path());
  cache.put("key", "twelve bytes");
  cache.flush();
  SECTION("one byte changed") {
    tests::in_store(folder.path(), "UPDATE pieces SET bytes = CAST(substr(bytes, 1, 19) || 'X' AS BLOB)");
  }
  SECTION("cut off") { tests::in_store(folder.path(), "UPDATE pieces SET bytes = substr(bytes, 1, 19)"); }
  SECTION("empty") { tests::in_store(folder.path(), "UPDATE pieces SET bytes = x''"); }
  SECTION("another name") {
    cache.put("other", "ten bytes.");
    cache.flush();
    tests::in_store(folder.path(), "UPDATE entries SET place = (SELECT max(place) FROM pieces)");
  }
  CHECK_FALSE(cache.get("key"));
  cache.put("key", "again");
  CHECK(cache.get("key") == "again");
  cache.flush();
  CHECK(cache.get("key") == "again");
}

TEST_CASE("a damaged file of small entries is left for a new one, without a word") {
  const ScratchFolder folder;
  Listener listener;
  const ObserverScope scope(listener);
  {
    Cache cache(folder.path());
    for (int i = 1; i < 300; ++i) cache.put(numbered(i), bytes_of(i));
  }
  const std::string file = tests::store_file(folder.path());
  SECTION("no database") { write_file(file, std::string(100'000, 'z')); }
  SECTION("cut off") { fs::resize_file(file, fs::file_size(file) / 2); }
  SECTION("pages overwritten") {
    for (int i = 0; i < 40; ++i) damage(file, static_cast<std::streamoff>(fs::file_size(file)) - 20 - i * 65536);
    std::fstream all(file, std::ios::in | std::ios::out | std::ios::binary);
    all.seekp(65536);
    all << std::string(200'000, 'z');
  }
  {
    Cache cache(folder.path());
    for (int i = 1; i < 300; ++i) {
      const auto found = cache.get(numbered(i));
      if (found) CHECK(*found == bytes_of(i));
      cache.put(numbered(i), bytes_of(i));
    }
  }
  const Cache after(folder.path());
  for (int i = 1; i < 300; ++i) CHECK(after.get(numbered(i)) == bytes_of(i));
  CHECK(listener.warnings.empty());
}

TEST_CASE("the entry used longest ago goes first, whatever its size") {
  const ScratchFolder folder;
  Cache cache(folder.path(), 1'000'000);
  const std::string small(50'000, 'x'), large(150'000, 'x');
  const auto put = [&](int first, int last) {
    for (int i = first; i <= last; ++i) cache.put("small " + std::to_string(i), small);
    cache.flush();
  };
  cache.put("large", large);
  for (const auto& entry : entries_of(folder)) fs::last_write_time(entry, fs::last_write_time(entry) - 3h);
  put(0, 1);
  tests::in_store(folder.path(), "UPDATE entries SET used = used - 7200");
  put(2, 16);
  cache.sweep();  // 1,000,064 bytes and eight for each small one
  CHECK_FALSE(cache.get("large"));
  CHECK(cache.get("small 0"));  // used now
  put(17, 20);
  cache.sweep();
  CHECK(cache.get("small 0"));
  CHECK_FALSE(cache.get("small 1"));
  CHECK(tests::in_store(folder.path(), "SELECT sum(size) FROM entries") <= 900'000);
}

TEST_CASE("work goes on without a cache after one warning") {
  const ScratchFolder folder;
  folder.file("small", "a file where the folder should be");
  Listener listener;
  const ObserverScope scope(listener);
  Cache cache(folder.path());
  cache.put("key", "bytes");
  cache.put("key", "bytes");
  CHECK_FALSE(cache.get("key"));
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0] == "the cache " + folder.path() + " cannot be written (" + folder.path("small") +
                                    ": Not a directory): going on without it");
}

TEST_CASE("a writer killed at any moment leaves whole entries only") {
  const ScratchFolder folder;
  for (int round = 0; round < 20; ++round) {
    const pid_t child = in_child([&] {
      Cache cache(folder.path());
      for (int i = 0;; ++i) {
        cache.put(numbered(i % 50), bytes_of(i % 50));
        cache.flush();
      }
    });
    if (round == 0) {
      while (!Cache(folder.path()).get(numbered(0))) std::this_thread::sleep_for(1ms);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3 + round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  const Cache cache(folder.path());
  int whole = 0;
  for (int i = 0; i < 50; ++i) {
    const auto found = cache.get(numbered(i));
    if (found) CHECK(*found == bytes_of(i));
    whole += found.has_value();
  }
  CHECK(whole > 0);
}

TEST_CASE("several processes write, read and are killed on one cache, which stays whole") {
  const ScratchFolder folder;
  constexpr int kEntries = 400;
  const auto write_all = [&](int first) {
    Cache cache(folder.path());
    for (int i = 0; i < kEntries; ++i) {
      const int one = (first + i) % kEntries;
      const auto found = cache.get(numbered(one));
      if (found && *found != bytes_of(one)) _exit(1);
      if (!found) cache.put(numbered(one), bytes_of(one));
    }
  };
  std::vector<pid_t> working, doomed;
  for (int i = 0; i < 4; ++i) {
    working.push_back(in_child([&] { write_all(i * 100); }));
    doomed.push_back(in_child([&] {
      for (;;) write_all(i * 50);
    }));
  }
  for (size_t i = 0; i < doomed.size(); ++i) {
    std::this_thread::sleep_for(20ms);
    kill(doomed[i], SIGKILL);
    waitpid(doomed[i], nullptr, 0);
  }
  for (const pid_t child : working) {
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  const Cache cache(folder.path());
  for (int i = 0; i < kEntries; ++i) CHECK(cache.get(numbered(i)) == bytes_of(i));
  CHECK(tests::in_store(folder.path(), "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") ==
        0);
}

TEST_CASE("a content hash follows the bytes, even where size and time stay the same") {
  const ScratchFolder folder;
  Cache cache(folder.path("cache"));
  const CacheScope scope(cache);
  const std::string path = folder.file("song.mp3", "one");
  fs::last_write_time(path, fs::last_write_time(path) - 1h);
  std::this_thread::sleep_for(150ms);  // what changed a moment ago is not remembered
  CHECK(content_hash(path) == sha256("one"));
  const auto time = fs::last_write_time(path);
  folder.file("song.mp3", "two");
  fs::last_write_time(path, time);
  CHECK(content_hash(path) == sha256("two"));
  CHECK_THROWS_WITH(content_hash(folder.path("none")), folder.path("none") + ": No such file or directory");
}
