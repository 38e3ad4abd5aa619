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
#include <regex>
#include <set>
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
    {.summary = "A synthetic sample that stands in for a known corpus, made when it is first used. Every one takes the "
                "options below, and some of its own: help 'sample.artist20'.",
     .returns = "the folder of the sample",
     .example = "data.sample 'artist20'",
     .source = "Lumir's own; the voice follows Klatt, Software for a Cascade/Parallel Formant Synthesizer (1980)"},
    with_arguments({{"name", "word", "the corpus that it stands in for"}}, schema_of<SampleOptions>()));

const SamplePlanner& planner_of(const std::string& name) {
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
Value describe(const std::string& name, const Map& options, const SamplePlan& plan) {
  Map given = planner_of(name).complete(options);
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

/// What text files of a sample begin with.
constexpr const char* kNote = "Synthetic recordings: ";

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

/// The paths of files that we make for what a marker says. A marker is a text that anyone can edit, so it is not its
/// list that is believed: the plan is worked out anew from its options, and what is listed has to stand in it. An
/// earlier version may have made fewer. Nothing where a name is none of ours.
std::vector<std::string> made_for(const Value& marker) {
  const std::string* name = marker["corpus"].text();
  const Map* given = marker["options"].map();
  const List* listed = marker["files"].list();
  if (!name || !given || !listed || !planners().contains(*name)) return {};
  try {
    std::set<std::string> planned;
    for (const auto& file : planner_of(*name).plan(*given).files) planned.insert(file.path);
    std::vector<std::string> paths;
    for (const Value& path : *listed) {
      if (!path.text() || !planned.contains(*path.text())) return {};
      paths.push_back(*path.text());
    }
    return paths;
  } catch (const ArgumentError&) {
    return {};
  }
}

/// True where a folder between the root and the file is a link: what lies behind it is not the sample's.
bool leads_elsewhere(const fs::path& root, const fs::path& below) {
  fs::path folder = root;
  std::error_code problem;
  for (const auto& name : below.parent_path()) {
    folder /= name;
    if (fs::is_symlink(folder, problem)) return true;
  }
  return false;
}

/// What killed processes had begun to write of these files: "01-tide.mp3.4711-0.part" beside them.
void remove_parts(const fs::path& root, const std::vector<std::string>& paths) {
  static const std::regex part("(.*)\\.[0-9]+-[0-9]+(-.*)?\\.part");
  const std::set<fs::path> made(paths.begin(), paths.end());
  std::set<fs::path> folders;
  for (const auto& path : made) {
    if (!leads_elsewhere(root, path)) folders.insert(path.parent_path());
  }
  std::vector<fs::path> parts;
  for (const auto& folder : folders) {
    std::error_code problem;
    for (fs::directory_iterator at(root / folder, problem), end; !problem && at != end; at.increment(problem)) {
      const std::string name = at->path().filename().string();
      std::smatch match;
      if (std::regex_match(name, match, part) && made.contains(folder / match[1].str())) parts.push_back(at->path());
    }
  }
  for (const auto& one : parts) fs::remove(one);
}

/// Takes away files of a sample, and nothing else.
void remove_made(const fs::path& root, const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    if (leads_elsewhere(root, path)) continue;
    std::error_code problem;
    if (fs::is_regular_file(fs::symlink_status(root / path, problem))) fs::remove(root / path, problem);
    remove_empty_folders(root, root / path);
  }
}

/// Leaves the folder with files of this very sample at most, and with the mark of unfinished work.
void prepare(const fs::path& root, const Value& wanted, const SamplePlan& plan) {
  bool ours = holds_nothing(root);
  for (const char* name : {kMarker, kUnfinished}) {
    const Value found = read_marker(root / name);
    if (found.is_nil()) continue;
    const auto made = made_for(found);
    if (made.empty()) continue;
    ours = true;
    remove_parts(root, made);
    if (found != wanted) remove_made(root, made);
  }
  if (!ours) {
    throw Error(root.string() + ": holds something else than a sample corpus; give another 'folder'");
  }
  for (const auto& file : plan.files) {
    if (leads_elsewhere(root, file.path)) {
      throw Error((root / file.path).string() + ": lies behind a link, and a sample is made in folders of its own");
    }
  }
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
          Option{"shortest", &SampleOptions::shortest, "length of the shortest recording", Unit{"s"}, Range{5, 3600}},
          Option{"longest", &SampleOptions::longest, "and of the longest", Unit{"s"}, Range{upto("shortest"), 3600}},
          Option{"seed", &SampleOptions::seed, "another number, other music", Range{0, 2147483647}}};
}

void add_text(SamplePlan& plan, std::string path, std::string text) {
  plan.files.push_back({std::move(path), 0, [text = std::move(text)] { return text; }});
}

std::string synthetic_note(const std::string& rest) { return kNote + rest + "\n"; }

std::string with_digits(int number, size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

void register_sample(const Entry& entry, SamplePlanner planner) { planners()[entry.name] = std::move(planner); }

bool is_sample_name(const std::string& name) { return planners().contains(name); }

bool is_sample(const std::string& folder) {
  const fs::path path = fs::path(folder) / kMarker;
  std::error_code problem;
  if (!fs::is_regular_file(path, problem)) return false;
  const Value marker = read_marker(path);
  if (marker.map()) return marker["corpus"].text() && marker["files"].list();
  return read_file(path.string()).starts_with(kNote);
}

void refuse_unfinished(const std::string& folder) {
  std::error_code problem;
  const fs::path root(folder);
  if (fs::exists(root / kMarker, problem)) return;
  if (!read_marker(root / kUnfinished)["corpus"].text()) return;
  throw Error(folder + ": a sample that was never finished (lumir sample NAME FOLDER goes on with it)");
}

std::string sample_folder(const std::string& name, const Map& options) {
  const std::string folder = *planner_of(name).complete(options)["folder"].text();
  return folder.empty() ? "data/sample/" + name : folder;
}

std::string sample_corpus(const std::string& name, const Map& options) {
  const SamplePlan plan = planner_of(name).plan(options);
  const std::string folder = sample_folder(name, options);
  const fs::path root = folder;
  const Value wanted = describe(name, options, plan);
  const auto complete = [&] { return read_marker(root / kMarker) == wanted && missing_files(root, plan).empty(); };
  if (complete()) return folder;
  const Lock lock(root);
  if (complete()) return folder;
  prepare(root, wanted, plan);
  make_files(root, missing_files(root, plan));
  write_file((root / kMarker).string(), to_json(wanted, 2) + "\n");
  fs::remove(root / kUnfinished);
  return folder;
}

}  // namespace lumir::data
