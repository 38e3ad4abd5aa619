// Making a sample corpus: which files are missing, one process at a time, the marker last.
//
// While work goes on, a hidden marker holds what will be in SYNTHETIC. So a run that was killed can go on, and a run
// with other options knows which files were ours and may go.

#include "data/sample.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/file.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/registry.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = "SYNTHETIC";
constexpr const char* kUnfinished = ".unfinished";
constexpr const char* kLock = ".lock";

std::map<std::string, SamplePlanner>& planners() {
  static std::map<std::string, SamplePlanner> all;
  return all;
}

const Entry& sample_entry = register_entry(
    "data", "sample",
    {.summary = "A synthetic sample that stands in for a known corpus, made when it is first used.",
     .returns = "the folder of the sample",
     .example = "data.sample 'artist20'",
     .source = "Lumir's own; the voice follows Klatt, Software for a Cascade/Parallel Formant Synthesizer (1980)"},
    with_arguments({{"name", "word", "the corpus that it stands in for"}}, schema_of<SampleOptions>()));

SamplePlanner planner_of(const std::string& name) {
  const auto found = planners().find(name);
  if (found != planners().end()) return found->second;
  std::vector<std::string> names;
  std::string known;
  for (const auto& [other, planner] : planners()) {
    names.push_back(other);
    known += (known.empty() ? "'" : ", '") + other + "'";
  }
  throw ArgumentError("sample: 'name' = '" + name + "' is none of " + known + did_you_mean(name, names));
}

/// Only one process at a time makes a sample in a folder; others wait here. The lock goes with its process.
class Lock {
 public:
  explicit Lock(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) throw Error(folder.string() + ": " + problem.message());
    const fs::path path = folder / kLock;
    file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file_ < 0) throw Error(folder.string() + ": " + std::strerror(errno));
    try {
      wait();
    } catch (...) {  // no Lua runs here
      close(file_);
      throw;
    }
  }
  ~Lock() { close(file_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  void wait() const {
    while (flock(file_, LOCK_EX | LOCK_NB) != 0) {
      check_interrupt();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  int file_ = -1;
};

/// What the marker says: enough to know whether a sample is the one that is wanted, and which files are ours.
Value describe(const std::string& name, const SampleOptions& options, const SamplePlan& plan) {
  Map given = write_options(options);
  given.erase("folder");
  List files;
  for (const auto& file : plan.files) files.push_back(file.path);
  return Map{{"about", plan.about}, {"corpus", name}, {"files", files}, {"options", given}, {"version", plan.version}};
}

/// nil where there is no such marker, or none that we wrote.
Value read_marker(const fs::path& path) {
  std::error_code problem;
  if (!fs::exists(path, problem)) return {};
  try {
    return from_json(read_file(path.string()), path.string());
  } catch (const Error&) {
    return {};
  }
}

bool has_sound(const fs::path& path) {
  std::error_code problem;
  return fs::is_regular_file(path, problem) && fs::file_size(path, problem) > 0 && !problem;
}

std::vector<const SampleFile*> missing_files(const fs::path& root, const SamplePlan& plan) {
  std::vector<const SampleFile*> missing;
  for (const auto& file : plan.files) {
    if (!has_sound(root / file.path)) missing.push_back(&file);
  }
  std::stable_sort(missing.begin(), missing.end(),
                   [](const SampleFile* a, const SampleFile* b) { return a->seconds > b->seconds; });
  return missing;
}

bool holds_nothing(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() != kLock) return false;
  }
  return true;
}

/// Folders above `path` up to the root that nothing is left in.
void remove_empty_folders(const fs::path& root, fs::path path) {
  std::error_code problem;
  for (path = path.parent_path(); path != root && fs::is_empty(path, problem) && !problem; path = path.parent_path()) {
    if (!fs::remove(path, problem)) return;
  }
}

/// Takes away the files that a marker lists, and nothing else.
void remove_listed(const fs::path& root, const Value& marker) {
  const List* files = marker["files"].list();
  if (!files) return;
  for (const auto& file : *files) {
    if (!file.text()) continue;
    const fs::path below = fs::path(*file.text()).lexically_normal();
    if (below.empty() || below.is_absolute() || *below.begin() == "..") continue;
    std::error_code problem;
    fs::remove(root / below, problem);
    remove_empty_folders(root, root / below);
  }
}

/// What a killed process had begun to write.
void remove_parts(const fs::path& root) {
  std::vector<fs::path> parts;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".part") parts.push_back(entry.path());
  }
  for (const auto& part : parts) fs::remove(part);
}

/// Leaves the folder with files of this very sample at most, and with the mark of unfinished work.
void prepare(const fs::path& root, const Value& wanted) {
  bool ours = holds_nothing(root);
  for (const char* name : {kMarker, kUnfinished}) {
    const Value found = read_marker(root / name);
    if (found.is_nil()) continue;
    ours = true;
    if (found != wanted) remove_listed(root, found);
  }
  if (!ours) {
    throw Error(root.string() + ": holds something else than a sample corpus; give another 'folder'");
  }
  remove_parts(root);
  write_file((root / kUnfinished).string(), to_json(wanted, 2) + "\n");
  fs::remove(root / kMarker);
}

void make_files(const fs::path& root, const std::vector<const SampleFile*>& files) {
  observer().begin("sample", files.size(), "files");
  parallel_for(files.size(), [&](size_t i) {
    write_file((root / files[i]->path).string(), files[i]->bytes());
    observer().advance(1);
  });
  observer().end("");
}

}  // namespace

Schema SampleOptions::schema() {
  return {Option{"folder", &SampleOptions::folder, "where it stands; data/sample/NAME if empty"},
          Option{"artists", &SampleOptions::artists, "singers", Range{2, 99}},
          Option{"albums", &SampleOptions::albums, "albums of each", Range{2, 24}},
          Option{"songs", &SampleOptions::songs, "songs of an album; some have one more", Range{1, 30}},
          Option{"shortest", &SampleOptions::shortest, "length of the shortest song", Unit{"s"}, Range{5, 3600}},
          Option{"longest", &SampleOptions::longest, "and of the longest", Unit{"s"}, Range{upto("shortest"), 3600}},
          Option{"unlabelled", &SampleOptions::unlabelled, "recordings of each singer to be classified", Range{0, 20}},
          Option{"seed", &SampleOptions::seed, "another number, other singers", Range{0, 2147483647}}};
}

RegisterSample::RegisterSample(const char* name, SamplePlanner planner) { planners()[name] = planner; }

std::string sample_folder(const std::string& name, const SampleOptions& options) {
  planner_of(name);
  return options.folder.empty() ? "data/sample/" + name : options.folder;
}

std::string sample_corpus(const std::string& name, const SampleOptions& options) {
  const SamplePlan plan = planner_of(name)(options);
  const std::string folder = sample_folder(name, options);
  const fs::path root = folder;
  const Value wanted = describe(name, options, plan);
  const auto complete = [&] { return read_marker(root / kMarker) == wanted && missing_files(root, plan).empty(); };
  if (complete()) return folder;
  const Lock lock(root);
  if (complete()) return folder;
  prepare(root, wanted);
  make_files(root, missing_files(root, plan));
  write_file((root / kMarker).string(), to_json(wanted, 2) + "\n");
  fs::remove(root / kUnfinished);
  return folder;
}

}  // namespace lumir::data
