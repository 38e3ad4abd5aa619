// Reading lists of paths, and finding their recordings.

#include "data/given.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/observer.h"
#include "core/text.h"
#include "core/value.h"
#include "data/words.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

/// Ways to read one line of a list: a name may hold a comma, and a line may be csv.
using Readings = std::vector<std::string>;

std::vector<Readings> read_json_list(const std::string& text, const std::string& file) {
  const Value json = from_json(text, file);
  if (!json.list()) throw Error(file + ": not a list of paths, which is [\"artist/album/song.mp3\", ...]");
  std::vector<Readings> entries;
  for (size_t i = 0; i < json.list()->size(); ++i) {
    const std::string* path = (*json.list())[i].text();
    if (!path)
      throw Error(file + ": entry " + std::to_string(i + 1) + " of the list is no path but a " +
                  std::string(kind_of((*json.list())[i])));
    entries.push_back({*path});
  }
  return entries;
}

/// Which column the first line of a csv calls the path; nothing where it is a recording like the others.
std::optional<size_t> path_column(const std::vector<std::string>& head) {
  for (size_t i = 0; i < head.size(); ++i) {
    for (const char* name : {"path", "file", "filename"}) {
      if (head[i] == name) return i;
    }
  }
  return {};
}

std::vector<Readings> read_lines(const std::string& text) {
  std::vector<Readings> entries;
  const auto rows = read_csv(text);
  const auto named = rows.empty() ? std::nullopt : path_column(rows.front().fields);
  for (size_t i = named ? 1 : 0; i < rows.size(); ++i) {
    const auto& fields = rows[i].fields;
    const size_t at = std::min(named.value_or(0), fields.size() - 1);
    std::string whole;
    for (const auto& field : fields) whole += (whole.empty() ? "" : ",") + field;
    entries.push_back({fields[at], whole});
  }
  return entries;
}

std::vector<Readings> read_list(const std::string& file) {
  const std::string text = read_file(file);
  auto entries = fs::path(file).extension() == ".json" ? read_json_list(text, file) : read_lines(text);
  if (entries.empty()) throw Error(file + ": no paths in it");
  return entries;
}

/// Recordings by their paths below the root, with and without the ending.
class Finder {
 public:
  explicit Finder(const Dataset& songs) {
    const auto tracks = songs.groups("track");
    const auto paths = songs.column("path");
    for (size_t row = 0; row < tracks.size(); ++row) {
      add(tracks[row], row);
      add(fs::path(paths[row]).lexically_normal().string(), row);
    }
  }

  /// The row whose path below the root the reading ends in; the longest end decides.
  std::optional<size_t> find(const std::string& reading) const {
    const std::string path = fs::path(reading).lexically_normal().string();
    for (size_t at = 0;;) {
      const auto found = rows_.find(path.substr(at));
      if (found != rows_.end()) return found->second;
      const size_t slash = path.find('/', at);
      if (slash == std::string::npos) return {};
      at = slash + 1;
    }
  }

 private:
  void add(const std::string& path, size_t row) {
    rows_.emplace(path, row);
    const fs::path whole(path);
    rows_.emplace((whole.parent_path() / whole.stem()).string(), row);
  }
  std::map<std::string, size_t> rows_;
};

enum class Side { none, train, valid };

/// Puts the recordings of two lists on their sides, and gathers all that is wrong with the lists.
class Sides {
 public:
  explicit Sides(const Dataset& songs) : finder_(songs), name_(songs.name()), sides_(songs.size(), Side::none) {}

  void add(const std::string& file, Side side) {
    std::vector<std::string> unknown, twice, both;
    for (const auto& readings : read_list(file)) {
      std::optional<size_t> row;
      for (const auto& reading : readings) {
        if (!row) row = finder_.find(reading);
      }
      const std::string shown = "'" + visible(readings.front()) + "'";
      if (!row) {
        unknown.push_back(shown);
      } else if (sides_[*row] != Side::none) {
        (sides_[*row] == side ? twice : both).push_back(shown);
      } else {
        sides_[*row] = side;
      }
    }
    blame(file, unknown, "not in " + name_);
    blame(file, twice, "there twice");
    blame(file, both, "on the other list too");
  }

  const std::vector<Side>& finish() const {
    if (!problems_.empty()) throw Error("split: " + problems_);
    return sides_;
  }

 private:
  void blame(const std::string& file, const std::vector<std::string>& paths, const std::string& fault) {
    if (paths.empty()) return;
    problems_ += (problems_.empty() ? "" : "; ") + file + ": " + count_of(paths.size(), "paths") +
                 (paths.size() == 1 ? " is " : " are ") + fault + ": " + listed(paths);
  }

  Finder finder_;
  std::string name_;
  std::vector<Side> sides_;
  std::string problems_;
};

std::string list_of(const std::string& given, const std::string& own, const char* option, const Dataset& songs) {
  if (!given.empty()) return given;
  if (!own.empty()) return own;
  throw ArgumentError("split: 'given' needs '" + std::string(option) + "', a file of paths; " + songs.name() +
                      " comes with no list of its own (split('given', { train = 'train.json', valid = 'val.json' }))");
}

}  // namespace

Schema GivenOptions::schema() {
  return {Option{"train", &GivenOptions::train, "of 'given': a list of paths (.json, .txt, .csv) to learn from"},
          Option{"valid", &GivenOptions::valid, "of 'given': a list of paths to test on"},
          Option{"leak", &GivenOptions::leak, "what is done where it leaks", Choices{"refused", "allowed", "moved"}}};
}

Split given_split(const Dataset& songs, const GivenOptions& options) {
  const auto [own_train, own_valid] = songs.lists();
  const std::string train = list_of(options.train, own_train, "train", songs);
  const std::string valid = list_of(options.valid, own_valid, "valid", songs);
  Sides sides(songs);
  sides.add(train, Side::train);
  sides.add(valid, Side::valid);
  std::vector<int> rows;
  std::vector<bool> validates;
  for (size_t row = 0; row < songs.size(); ++row) {
    if (sides.finish()[row] == Side::none) continue;
    rows.push_back(static_cast<int>(row));
    validates.push_back(sides.finish()[row] == Side::valid);
  }
  if (rows.size() < songs.size()) {
    observer().warn("split: " + count_of(songs.size() - rows.size(), songs.unit()) + " of " +
                    std::to_string(songs.size()) + " on neither list");
  }
  const auto n = static_cast<size_t>(std::count(validates.begin(), validates.end(), true));
  const std::string rule =
      "validation: as listed in " + fs::path(valid).filename().string() + " (" + count_of(n, songs.unit()) + ")";
  return split_rows(songs.take(rows), validates, rule, options.leak);
}

}  // namespace lumir::data
