// Looking for sound files below a folder. Whatever is passed over is told with its reason: a corpus from which songs
// vanish without a word gives numbers that nobody can trust.

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "core/error.h"
#include "core/interrupt.h"
#include "data/layout.h"
#include "data/places.h"
#include "data/sample.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

/// What libavformat reads by these endings and holds sound, the sound of films included.
const std::set<std::string> kEndings = {
    ".mp3", ".mp2", ".mp1",  ".mpa",  ".mpga", ".m2a", ".wav",   ".wave", ".w64",  ".rf64", ".bwf",  ".flac",   ".ogg",
    ".oga", ".ogv", ".ogx",  ".opus", ".spx",  ".m4a", ".m4b",   ".m4r",  ".m4v",  ".mp4",  ".mov",  ".f4a",    ".f4v",
    ".3gp", ".3g2", ".3ga",  ".aac",  ".adts", ".wma", ".wmv",   ".asf",  ".xwma", ".aif",  ".aiff", ".aifc",   ".afc",
    ".au",  ".snd", ".caf",  ".ape",  ".apl",  ".mac", ".wv",    ".tta",  ".tak",  ".mpc",  ".mpp",  ".mp+",    ".ofr",
    ".shn", ".mka", ".mkv",  ".webm", ".weba", ".ac3", ".eac3",  ".ec3",  ".dts",  ".thd",  ".mlp",  ".truehd", ".amr",
    ".awb", ".gsm", ".qcp",  ".dsf",  ".dff",  ".ra",  ".rm",    ".rmvb", ".oma",  ".omg",  ".aa3",  ".at3",    ".aa",
    ".aax", ".voc", ".8svx", ".svx",  ".iff",  ".sf",  ".ircam", ".nist", ".sph",  ".paf",  ".pvf",  ".avr",    ".sds",
    ".vqf", ".wve", ".aptx", ".sbc",  ".avi",  ".flv", ".mpg",   ".mpeg", ".vob",  ".m2ts", ".nut",  ".lxf",    ".mxf"};

/// What other systems keep beside music under names that begin with a dot; "...And Justice for All" is none of it.
bool is_housekeeping(const std::string& name) {
  return name.starts_with("._") || name.starts_with(".Trash") || name == ".AppleDouble" || name == ".git";
}

/// One folder's walk after the other: real folders first, then those that links lead to and nothing else does.
class Walk {
 public:
  explicit Walk(const std::string& root) : root_(root) {}

  Sounds run() {
    const std::string problem = visit("");
    if (!problem.empty()) throw Error(root_ + ": " + problem);
    drain(folders_);
    while (!links_.empty()) {
      std::sort(links_.begin(), links_.end(), std::greater<>());
      folders_.push_back(links_.back());
      links_.pop_back();
      drain(folders_);
    }
    std::sort(found_.paths.begin(), found_.paths.end());
    std::sort(found_.left_out.begin(), found_.left_out.end(),
              [](const LeftOut& a, const LeftOut& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  void drain(std::vector<std::string>& folders) {
    while (!folders.empty()) {
      const std::string folder = std::move(folders.back());
      folders.pop_back();
      const std::string problem = visit(folder);
      if (!problem.empty()) leave_out(folder, problem);
    }
  }

  void leave_out(const std::string& path, const std::string& reason) { found_.left_out.push_back({path, reason}); }

  /// Reads one folder, by its path from the root; says why it could not.
  std::string visit(const std::string& folder) {
    check_interrupt();
    const std::string path = folder.empty() ? root_ : root_ + "/" + folder;
    struct stat what {};
    if (stat(path.c_str(), &what) != 0) return std::generic_category().message(errno);
    const auto [first, is_new] = visited_.emplace(std::pair(what.st_dev, what.st_ino), folder);
    if (!is_new) return "a link to the same folder as " + (first->second.empty() ? root_ : first->second);
    if (!folder.empty() && is_sample(path)) return "a sample of its own";
    std::error_code problem;
    fs::directory_iterator at(path, problem);
    for (const fs::directory_iterator end; !problem && at != end; at.increment(problem)) {
      const std::string name = at->path().filename().string();
      entry(*at, folder.empty() ? name : folder + "/" + name, name);
    }
    return problem ? problem.message() : "";
  }

  void entry(const fs::directory_entry& entry, const std::string& path, const std::string& name) {
    std::error_code problem, missing;
    const bool is_folder = entry.is_directory(problem);
    const bool sounds = has_sound_ending(name);
    if (is_housekeeping(name)) {
      if (is_folder || sounds) leave_out(path, "kept by another system");
    } else if (is_folder) {
      (entry.is_symlink() ? links_ : folders_).push_back(path);
    } else if (sounds && entry.is_regular_file(problem)) {
      found_.paths.push_back(path);
    } else if (sounds) {
      const bool broken = entry.is_symlink(missing) && !entry.exists(missing);
      leave_out(path, broken ? "a broken link" : problem ? problem.message() : "no regular file");
    }
  }

  std::string root_;
  Sounds found_;
  std::vector<std::string> folders_, links_;  // still to be visited
  std::map<std::pair<dev_t, ino_t>, std::string> visited_;
};

}  // namespace

bool has_sound_ending(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return kEndings.contains(ending);
}

Sounds find_sounds(const std::string& root) {
  std::error_code problem;
  require_there(root);
  if (!fs::is_directory(root, problem)) throw Error(root + ": no folder, but a file");
  return Walk(root).run();
}

}  // namespace lumir::data
