// The disk cache: damage, kills, limits, full disks.

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <sys/wait.h>
#include <catch2/catch.hpp>

#include "core/cache.h"
#include "core/hash.h"
#include "engine/data/scratch.h"

using namespace lumir;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using tests::Listener;
using tests::ScratchFolder;

namespace {

std::vector<fs::path> entries_of(const ScratchFolder& folder) {
  std::vector<fs::path> found;
  for (const auto& at : fs::recursive_directory_iterator(folder.path("entries"))) {
    if (at.is_regular_file() && at.path().filename() != "swept") found.push_back(at.path());
  }
  return found;
}

}  // namespace

TEST_CASE("what was put is got, byte for byte, by another Cache of the same folder") {
  const ScratchFolder folder;
  const std::string bytes("a\0b\nc", 5);
  Cache(folder.path()).put("key", bytes);
  CHECK(Cache(folder.path()).get("key") == bytes);
  CHECK_FALSE(Cache(folder.path()).get("other key"));
}

TEST_CASE("a damaged or shortened entry counts as missing") {
  const ScratchFolder folder;
  Cache cache(folder.path());
  cache.put("key", "twelve bytes");
  const fs::path entry = entries_of(folder).at(0);
  SECTION("one byte changed") {
    std::fstream file(entry, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-1, std::ios::end);
    file.put('X');
  }
  SECTION("cut off") { fs::resize_file(entry, fs::file_size(entry) - 1); }
  SECTION("empty") { fs::resize_file(entry, 0); }
  CHECK_FALSE(cache.get("key"));
  cache.put("key", "again");
  CHECK(cache.get("key") == "again");
}

TEST_CASE("the entry used longest ago goes first") {
  const ScratchFolder folder;
  Cache cache(folder.path(), 10'000);
  const std::string kilobyte(1000, 'x');
  for (int i = 0; i < 9; ++i) {
    cache.put("entry " + std::to_string(i), kilobyte);
    for (const auto& entry : entries_of(folder)) {
      fs::last_write_time(entry, fs::last_write_time(entry) - 1h);  // the first is the oldest
    }
  }
  CHECK(cache.get("entry 0"));  // used now
  cache.put("entry 9", kilobyte);
  cache.sweep();
  CHECK(cache.get("entry 0"));
  CHECK_FALSE(cache.get("entry 1"));
  CHECK(cache.get("entry 9"));
  CHECK(entries_of(folder).size() == 8);  // 1,078 bytes each, nine tenths of the limit
}

TEST_CASE("work goes on without a cache after one warning") {
  const ScratchFolder folder;
  folder.file("entries", "a file where the folder should be");
  Listener listener;
  const ObserverScope scope(listener);
  Cache cache(folder.path());
  cache.put("key", "bytes");
  cache.put("key", "bytes");
  CHECK_FALSE(cache.get("key"));
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0].find("going on without it") != std::string::npos);
}

TEST_CASE("a writer killed at any moment leaves whole entries only") {
  const ScratchFolder folder;
  const std::string bytes(300'000, 'y');
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      Cache cache(folder.path());
      for (int i = 0;; ++i) cache.put("entry " + std::to_string(i % 50), bytes);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3 + round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  const Cache cache(folder.path());
  size_t whole = 0;
  for (const auto& entry : entries_of(folder)) whole += entry.extension() != ".part";
  size_t good = 0;
  for (int i = 0; i < 50; ++i) good += cache.get("entry " + std::to_string(i)) == bytes;
  CHECK(good == whole);
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
