// Files on a disk that is full, and what killed processes leave; the word that a user probably meant.

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "audio/write.h"
#include "core/cache.h"
#include "core/error.h"
#include "core/file.h"
#include "core/spill.h"
#include "engine/data/scratch.h"
#include "report/run_record.h"

using namespace lumir;
using tests::Listener;
using tests::ScratchFolder;

namespace {

namespace fs = std::filesystem;

/// A disk of 64 kB unless told otherwise; is_there() is false where none may be mounted.
class SmallDisk {
 public:
  explicit SmallDisk(const char* size = "size=64k")
      : there_(mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, size) == 0) {
    if (!there_) std::printf("SKIPPED: no small disk may be mounted here\n");
  }
  ~SmallDisk() {
    if (there_) umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool is_there() const { return there_; }
  std::string path(const std::string& name) const { return folder_.path(name); }
  /// Takes all room but for `rest` bytes.
  void fill(size_t rest) const {
    write_file(path("filler"), std::string(fs::space(folder_.path()).available - rest, 'x'));
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder_.path()).string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  ScratchFolder folder_;
  bool there_;
};

template <class Do>
std::string problem(Do&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("on a full disk a recording is one line, and the one that was there stays") {
  const SmallDisk disk;
  if (!disk.is_there()) return;
  const std::string path = disk.path("song.wav");
  audio::write(path, {Floats(1000, 0.5f), 1, 8000});
  const std::string before = read_file(path);
  const audio::Clip larger{Floats(100000, 0.5f), 1, 8000};
  CHECK(problem([&] { audio::write(path, larger); }) == path + ": No space left on device");
  CHECK(read_file(path) == before);
  CHECK(disk.files() == std::vector<std::string>{"song.wav"});
}

TEST_CASE("on a full disk the cache warns once, and work goes on without it") {
  const SmallDisk disk("size=1m");
  if (!disk.is_there()) return;
  Listener listener;
  const ObserverScope scope(listener);
  Cache cache(disk.path("cache"));
  cache.put("small", "kept");
  cache.flush();
  disk.fill(0);
  SECTION("by a small entry") {
    cache.put("large", std::string(100000, 'x'));
    cache.flush();
    cache.put("larger", std::string(200000, 'x'));
  }
  SECTION("by a large entry") {
    cache.put("large", std::string(200000, 'x'));
    cache.put("larger", std::string(100000, 'x'));
    cache.flush();
  }
  CHECK(cache.get("small") == "kept");
  CHECK_FALSE(cache.get("large"));
  CHECK_FALSE(cache.get("larger"));
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0].find("No space left on device): going on without it") != std::string::npos);
  for (const auto& name : disk.files()) CHECK(name.find(".part") == std::string::npos);
}

TEST_CASE("on a disk that has no room for a cache at all it warns once") {
  const SmallDisk disk;
  if (!disk.is_there()) return;
  Listener listener;
  const ObserverScope scope(listener);
  Cache cache(disk.path("cache"));
  disk.fill(0);
  cache.put("small", "not kept");
  cache.put("small", "not kept");
  CHECK_FALSE(cache.get("small"));
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0].find("No space left on device): going on without it") != std::string::npos);
}

TEST_CASE("a cache that may not be written is read") {
  const ScratchFolder folder;
  {
    Cache cache(folder.path());
    cache.put("key", "bytes");
  }
  // for the whole world, root included: a disk that is mounted for reading only
  const bool mounted = mount(folder.path().c_str(), folder.path().c_str(), "", MS_BIND, nullptr) == 0;
  if (!mounted || mount("", folder.path().c_str(), "", MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
    if (mounted) umount2(folder.path().c_str(), MNT_DETACH);
    std::printf("SKIPPED: nothing may be mounted here\n");
    return;
  }
  Listener listener;
  const ObserverScope scope(listener);
  {
    Cache cache(folder.path());
    CHECK(cache.get("key") == "bytes");
    CHECK_FALSE(cache.get("other"));
    CHECK(listener.warnings.empty());
    cache.put("other", "bytes");
    cache.flush();
    CHECK(listener.warnings.size() == 1);
    CHECK(cache.get("key") == "bytes");
  }
  umount2(folder.path().c_str(), MNT_DETACH);
}

TEST_CASE("on a full disk the record of a run is one line, and no line of its log is half there") {
  const SmallDisk disk;
  if (!disk.is_there()) return;
  report::RunRecord record(report::make_run_folder(disk.path("runs"), "recipes/a/b.lua"), "recipes/a/b.lua");
  record.write();
  const std::string json = read_file(record.folder() + "/run.json"), log = read_file(record.folder() + "/log.jsonl");
  disk.fill(0);
  record.set("note", std::string(100000, 'x'));
  CHECK(problem([&] { record.write(); }) == record.folder() + "/run.json: No space left on device");
  const std::string note(100000, 'x');
  CHECK(problem([&] {
          record.log("note", {{"text", note}});
        }) == record.folder() + "/log.jsonl: No space left on device");
  CHECK(read_file(record.folder() + "/run.json") == json);
  CHECK(read_file(record.folder() + "/log.jsonl") == log);
  CHECK(disk.files() == std::vector<std::string>{"filler", "runs/a-b/1/log.jsonl", "runs/a-b/1/run.json"});
}

TEST_CASE("what a killed run left half written is gone at the next run, what others write stays") {
  const ScratchFolder folder;
  const std::string runs = folder.path("runs"), first = report::make_run_folder(runs, "recipes/a/b.lua");
  const pid_t killed = fork();
  if (killed == 0) {
    PartFile half(first + "/dead.pdf");
    half.write("half");
    _exit(0);  // as a kill: nothing is tidied up
  }
  waitpid(killed, nullptr, 0);
  const PartFile alive(first + "/alive.pdf");
  std::ofstream(first + "/opera.part") << "half";
  const auto begun = [&](const std::string& name) {
    const fs::directory_iterator files(first);
    return std::count_if(begin(files), end(files), [&](const auto& file) {
      return file.path().filename().string().starts_with(name) && file.path().extension() == ".part";
    });
  };
  CHECK(begun("dead") == 1);
  CHECK(report::make_run_folder(runs, "recipes/a/b.lua") == runs + "/a-b/2");
  CHECK(begun("dead") == 0);
  CHECK(begun("alive") == 1);
  CHECK(begun("opera") == 1);
}

TEST_CASE("the word that was meant is found over a slip, capitals and a beginning") {
  const std::vector<std::string> names{"SVC", "PCA", "C", "gamma", "mfcc", "rms", "rmsd", "frequency", "fmin", "fmax"};
  CHECK(nearest("gama", names) == "gamma");
  CHECK(nearest("gamam", names) == "gamma");
  CHECK(nearest("mfc", names) == "mfcc");
  CHECK(nearest("rns", names) == "rms");
  CHECK(nearest("svc", names) == "SVC");
  CHECK(nearest("Pca", names) == "PCA");
  CHECK(nearest("c", names) == "C");
  CHECK(nearest("freq", names) == "frequency");
  CHECK(nearest("RMS", names) == "rms");
  CHECK(nearest("k", names) == "");
  CHECK(nearest("fm", names) == "");
  CHECK(nearest("chroma", names) == "");
  CHECK(nearest("kernel", {"RBF", "linear"}) == "");
  CHECK(nearest("Rate", {"rate", "Rates"}) == "rate");
}

TEST_CASE("a device stays a device when a file is written to it") {
  struct stat before {
  }, after{};
  REQUIRE(stat("/dev/null", &before) == 0);
  write_file("/dev/null", "text");
  REQUIRE(stat("/dev/null", &after) == 0);
  CHECK(S_ISCHR(after.st_mode));
  CHECK(before.st_ino == after.st_ino);
  CHECK(problem([] { write_file("/dev/full", "text"); }) == "/dev/full: No space left on device");
}

TEST_CASE("a pipe takes what is written, also over bytes written before") {
  const ScratchFolder place;
  const std::string path = place.path("pipe");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  PartFile file(path);
  file.write("once more");
  file.write_at(0, "O");
  file.publish(Sync::yes);
  char text[32] = "";
  CHECK(read(reader, text, sizeof text - 1) == 9);
  CHECK(std::string(text) == "Once more");
  close(reader);
  CHECK(fs::is_fifo(path));
}

TEST_CASE("a link is followed and stays a link, and a file keeps its mode") {
  const ScratchFolder place;
  write_file(place.path("real/file.txt"), "old");
  fs::permissions(place.path("real/file.txt"), fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real/file.txt", place.path("link"));
  fs::create_symlink("real/later.txt", place.path("early"));
  write_file(place.path("link"), "new");
  write_file(place.path("early"), "first");
  CHECK(fs::is_symlink(place.path("link")));
  CHECK(read_file(place.path("real/file.txt")) == "new");
  CHECK(fs::status(place.path("real/file.txt")).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(fs::is_symlink(place.path("early")));
  CHECK(read_file(place.path("real/later.txt")) == "first");
}

TEST_CASE("a path is checked before the work, and no input may be the output") {
  const ScratchFolder place;
  write_file(place.path("model"), "weights");
  fs::create_symlink("model", place.path("link"));
  check_output(place.path("out/new.csv"), {place.path("model")});
  CHECK_FALSE(fs::exists(place.path("out")));
  CHECK(problem([&] { check_output(place.path("link"), {place.path("model")}); }) ==
        place.path("link") + ": is what is read (" + place.path("model") + "); write to another file");
  CHECK(problem([&] { check_writable(place.path("model/out.csv")); }) ==
        place.path("model/out.csv") + ": Not a directory");
  CHECK(problem([&] { check_writable(place.path("")); }) == place.path("") + ": Is a directory");
}

TEST_CASE("part files of another machine stay, whatever runs here") {
  const ScratchFolder place;
  write_file(place.path("run.json.999999-0-elsewhere.part"), "live");
  write_file(place.path("run.json.999999-0.part"), "by nobody that is known");
  remove_abandoned_parts(place.path());
  CHECK(fs::exists(place.path("run.json.999999-0-elsewhere.part")));
  CHECK(fs::exists(place.path("run.json.999999-0.part")));
}

TEST_CASE("a run's number may be beyond 2^31") {
  const ScratchFolder place;
  fs::create_directories(place.path("svm/2147483647"));
  fs::create_directories(place.path("svm/3 copies"));
  CHECK(report::make_run_folder(place.path(), "svm.lua") == place.path("svm/2147483648"));
}
