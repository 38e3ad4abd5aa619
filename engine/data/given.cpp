// Reading lists of paths, and finding their recordings.

#include "data/given.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/observer.h"
#include "core/text.h"
#include "core/value.h"
#include "data/layout.h"
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
    const auto paths = songs.column(songs.has_sound() ? "path" : "id");
    for (size_t row = 0; row < tracks.size(); ++row) {
      add(rows_, tracks[row], row);
      add(rows_, fs::path(paths[row]).lexically_normal().string(), row);
      if (row == 0 || tracks[row] != tracks[row - 1]) add_name(fs::path(tracks[row]), row);
      of_track_[tracks[row]].push_back(row);
    }
    tracks_ = tracks;
  }

  /// The rows of the same track: of a table of excerpts there are several.
  const std::vector<size_t>& rows_with(size_t row) const { return of_track_.at(tracks_[row]); }
  /// The row whose path below the root the reading ends in, the longest end first; for a name alone, its row.
  std::optional<size_t> find(const std::string& reading) const {
    const fs::path path = fs::path(reading).lexically_normal();
    if (const auto row = find_end(path.string())) return row;
    const bool other_format = has_sound_ending(path);
    const std::string plain = (path.parent_path() / path.stem()).string();
    if (other_format) {
      if (const auto row = find_end(plain)) return row;
    }
    if (!path.parent_path().empty()) return {};
    if (const auto row = one_of(path.string())) return row;
    return other_format ? one_of(plain) : std::nullopt;
  }

 private:
  using Rows = std::map<std::string, size_t>;

  static void add(Rows& rows, const std::string& path, size_t row) {
    rows.emplace(path, row);
    const fs::path whole(path);
    rows.emplace((whole.parent_path() / whole.stem()).string(), row);
  }
  void add_name(const fs::path& track, size_t row) {
    for (const auto& name : {track.filename().string(), track.stem().string()}) names_[name].insert(row);
  }
  std::optional<size_t> find_end(const std::string& path) const {
    for (size_t at = 0;;) {
      const auto found = rows_.find(path.substr(at));
      if (found != rows_.end()) return found->second;
      const size_t slash = path.find('/', at);
      if (slash == std::string::npos) return {};
      at = slash + 1;
    }
  }
  /// The only recording of that name.
  std::optional<size_t> one_of(const std::string& name) const {
    const auto found = names_.find(name);
    return found != names_.end() && found->second.size() == 1 ? std::optional(*found->second.begin()) : std::nullopt;
  }

  Rows rows_;
  std::map<std::string, std::set<size_t>> names_;
  std::vector<std::string> tracks_;
  std::map<std::string, std::vector<size_t>> of_track_;
};

/// Puts the recordings of lists on their sides, and gathers all that is wrong with the lists.
class Sides {
 public:
  Sides(const Dataset& songs, bool tells_missing)
      : finder_(songs), name_(songs.name()), tells_missing_(tells_missing), sides_(songs.size(), Side::none) {}

  void add(const std::string& file, Side side) {
    ++n_lists_;
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
        for (const size_t one : finder_.rows_with(*row)) sides_[one] = side;
      }
    }
    if (tells_missing_ && !unknown.empty()) {
      observer().warn("split: " + fault(file, unknown, "not in " + name_));
      unknown.clear();
    }
    blame(file, unknown, "not in " + name_);
    blame(file, twice, "there twice");
    blame(file, both, n_lists_ > 2 ? "on another list too" : "on the other list too");
  }

  const std::vector<Side>& finish() const {
    if (!problems_.empty()) throw Error("split: " + problems_);
    return sides_;
  }

 private:
  static std::string fault(const std::string& file, const std::vector<std::string>& paths, const std::string& what) {
    return file + ": " + count_of(paths.size(), "paths") + (paths.size() == 1 ? " is " : " are ") + what + ": " +
           listed(paths);
  }
  void blame(const std::string& file, const std::vector<std::string>& paths, const std::string& what) {
    if (!paths.empty()) problems_ += (problems_.empty() ? "" : "; ") + fault(file, paths, what);
  }

  Finder finder_;
  std::string name_;
  bool tells_missing_;
  int n_lists_ = 0;
  std::vector<Side> sides_;
  std::string problems_;
};

/// With the lists that `lists` names, where they have no name of their own.
GivenOptions expanded(GivenOptions options) {
  if (options.lists.empty()) return options;
  const std::string mark = "{side}";
  const size_t at = options.lists.find(mark);
  if (at == std::string::npos) {
    throw ArgumentError("split: 'lists' = '" + options.lists +
                        "' has no {side}, which stands for train, valid and test");
  }
  const auto fill = [&](std::string& list, const char* side) {
    if (list.empty()) list = std::string(options.lists).replace(at, mark.size(), side);
  };
  fill(options.train, "train");
  fill(options.valid, "valid");
  fill(options.test, "test");
  return options;
}

std::string list_of(const std::string& given, const std::string& own, const char* option, const Dataset& songs) {
  if (!given.empty()) return given;
  if (!own.empty()) return own;
  throw ArgumentError("split: 'given' needs '" + std::string(option) + "', a file of paths; " + songs.name() +
                      " comes with no list of its own (split('given', { train = 'train.json', valid = 'val.json' }))");
}

}  // namespace

Schema GivenOptions::schema() {
  return {Option{"train", &GivenOptions::train, "of 'given': a list of paths (.json, .txt, .csv) to learn from"},
          Option{"valid", &GivenOptions::valid, "of 'given': a list of paths to test on, or to choose by"},
          Option{"test", &GivenOptions::test, "of 'given': a list of paths to test on at the end; '' for two sides"},
          Option{"lists", &GivenOptions::lists,
                 "of 'given': all three in one, where {side} stands for train, valid and test"},
          Option{"missing", &GivenOptions::missing,
                 "of 'given': what is done with paths of the lists that are not there", Choices{"refused", "told"}},
          Option{"leak", &GivenOptions::leak, "what is done where it leaks", Choices{"refused", "allowed", "moved"}}};
}

Split given_split(const Dataset& songs, const GivenOptions& given) {
  const GivenOptions options = expanded(given);
  const auto [own_train, own_valid] = songs.lists();
  Sides lists(songs, options.missing == "told");
  lists.add(list_of(options.train, own_train, "train", songs), Side::train);
  const std::string valid = list_of(options.valid, own_valid, "valid", songs);
  lists.add(valid, Side::valid);
  if (!options.test.empty()) lists.add(options.test, Side::test);
  const auto& sides = lists.finish();
  if (const auto n = static_cast<size_t>(std::count(sides.begin(), sides.end(), Side::none)); n > 0) {
    observer().warn("split: " + count_of(n, songs.unit()) + " of " + std::to_string(songs.size()) +
                    (options.test.empty() ? " on neither list" : " on none of the lists"));
  }
  const auto listed_in = [&](const std::string& file, Side side) {
    const auto n = static_cast<size_t>(std::count(sides.begin(), sides.end(), side));
    return name_of(side) + ": as listed in " + fs::path(file).filename().string() + " (" + count_of(n, songs.unit()) +
           ")";
  };
  std::string rule = listed_in(valid, Side::valid);
  if (!options.test.empty()) rule += " · " + listed_in(options.test, Side::test);
  return split_rows(songs, sides, rule, options.leak);
}

}  // namespace lumir::data
