// FMA: tracks of the Free Music Archive in subsets of growing size (Defferrard et al., 2017).
//
//   fma_metadata/tracks.csv                 a row for each track; its header has three lines
//   fma_small/000/000002.mp3                excerpts of 30 s by number, a folder for each thousand
//
// People point at the folder that holds both, at one above it, or at the audio; the metadata lie beside the audio or in
// it. A larger subset holds the smaller ones, so its audio serves for them too.

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/interrupt.h"
#include "data/corpus.h"
#include "data/layout.h"
#include "data/places.h"
#include "data/sample.h"
#include "data/words.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSubsets{"small", "medium", "large"};

struct FmaOptions {
  std::string subset = "small";
  static Schema schema() {
    return {Option{"subset", &FmaOptions::subset, "how much of it; a larger one holds the smaller ones",
                   Choices{"small", "medium", "large"}}};
  }
};

size_t rank_of(const std::string& subset) {
  return static_cast<size_t>(std::find(kSubsets.begin(), kSubsets.end(), subset) - kSubsets.begin());
}

/// Folders that may hold the audio or the metadata: the root, those in it, the one above it.
std::vector<fs::path> places_around(const std::string& root) {
  auto places = places_in_root(root);
  places.push_back(folder_above(root));
  return places;
}

fs::path find_metadata(const std::string& root) {
  for (const auto& place : places_around(root)) {
    for (const auto& file : {place / "fma_metadata" / "tracks.csv", place / "tracks.csv"}) {
      if (is_file(file)) return file;
    }
  }
  throw Error(root + ": no fma_metadata/tracks.csv in it, in a folder of it or beside it");
}

/// True for folders of tracks, which are called by three digits.
bool holds_tracks(const fs::path& folder) {
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    const std::string name = at->path().filename().string();
    const bool digits = name.size() == 3 && name.find_first_not_of("0123456789") == std::string::npos;
    if (digits && is_folder(at->path())) return true;
  }
  return false;
}

/// The audio of the subset, or of the smallest larger one that is there.
fs::path find_audio(const std::string& root, const std::string& subset) {
  if (holds_tracks(root)) return root;
  std::vector<std::string> names;
  for (size_t i = rank_of(subset); i < kSubsets.size(); ++i) names.push_back(std::string("fma_") + kSubsets[i]);
  names.push_back("fma_full");
  for (const auto& name : names) {
    for (const auto& place : places_around(root)) {
      if (holds_tracks(place / name)) return place / name;
    }
  }
  throw Error(root + ": no " + names.front() + "/000/000002.mp3 in it, in a folder of it or beside it");
}

/// tracks.csv: the columns that are read, by the names of their first two header lines, and a row for each track.
class Tracks {
 public:
  explicit Tracks(const fs::path& file) : file_(file.string()), rows_(read_csv(read_file(file_))) {
    if (rows_.size() < 3) throw Error(file_ + ": not FMA's tracks.csv, whose header has three lines");
    const auto& groups = rows_[0].fields;
    const auto& names = rows_[1].fields;
    for (size_t i = 0; i < std::min(groups.size(), names.size()); ++i) {
      places_.emplace(groups[i] + "." + names[i], i);
    }
    // the third line names the index; a table that was written without it begins with a track
    first_ = number_in(0, 2) ? 2 : 3;
  }

  size_t size() const { return rows_.size() - first_; }
  bool has(const std::string& column) const { return places_.contains(column); }
  /// Throws Error, with the line, for a row that is too short or whose quotes are not closed.
  const std::string& text(size_t row, const std::string& column) const {
    const auto found = places_.find(column);
    if (found == places_.end()) throw Error(file_ + ": no column " + column + " (its header has three lines)");
    const CsvRow& of_track = rows_[first_ + row];
    if (!of_track.closed) throw Error(where(of_track) + "a quote is left open");
    if (found->second >= of_track.fields.size()) {
      throw Error(where(of_track) + count_of(of_track.fields.size(), "fields") + ", and the header has " +
                  std::to_string(rows_[1].fields.size()));
    }
    return of_track.fields[found->second];
  }
  long number(size_t row) const {
    if (const auto track = number_in(0, first_ + row)) return *track;
    throw Error(where(rows_[first_ + row]) + "'" + rows_[first_ + row].fields[0] + "' is no number of a track");
  }

 private:
  std::optional<long> number_in(size_t field, size_t row) const {
    const auto& text = rows_[row].fields[field];
    long number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = problem == std::errc() && end == text.data() + text.size() && number >= 0;
    return whole ? std::optional(number) : std::nullopt;
  }
  std::string where(const CsvRow& row) const { return file_ + ", line " + std::to_string(row.line) + ": "; }

  std::string file_;
  std::vector<CsvRow> rows_;
  std::map<std::string, size_t> places_;
  size_t first_ = 3;
};

/// The artist of each track. Artists of one name are told apart by their ids, or the audit would take them for one.
std::vector<std::string> artists_of(const Tracks& tracks) {
  const bool has_name = tracks.has("artist.name"), has_id = tracks.has("artist.id");
  std::vector<std::string> artists;
  std::map<std::string, std::set<std::string>> ids_of;
  for (size_t row = 0; row < tracks.size(); ++row) {
    artists.push_back(has_name ? tracks.text(row, "artist.name") : tracks.text(row, "artist.id"));
    if (has_id) ids_of[artists.back()].insert(tracks.text(row, "artist.id"));
  }
  for (size_t row = 0; has_id && row < artists.size(); ++row) {
    if (ids_of[artists[row]].size() > 1) artists[row] += " (" + tracks.text(row, "artist.id") + ")";
  }
  return artists;
}

/// The audio files below a folder by the numbers in their names, as paths from it.
std::map<long, std::string> tracks_in(const Sounds& sounds) {
  std::map<long, std::string> found;
  for (const auto& path : sounds.paths) {
    const std::string name = title_of(path);
    long number = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (problem == std::errc() && end == name.data() + name.size()) found.emplace(number, path);
  }
  return found;
}

/// "000/000002.mp3"
std::string path_of(long track) {
  std::string digits = std::to_string(track);
  digits.insert(0, 6 - std::min<size_t>(6, digits.size()), '0');
  return digits.substr(0, 3) + "/" + digits + ".mp3";
}

std::string text_or(const Tracks& tracks, size_t row, const std::string& column, const std::string& other) {
  if (tracks.has(column) && !tracks.text(row, column).empty()) return tracks.text(row, column);
  return other;
}

Dataset read_fma(const std::string& root, const FmaOptions& options) {
  refuse_unfinished(root);
  const fs::path metadata = find_metadata(root), audio = find_audio(root, options.subset);
  refuse_unfinished(folder_above(audio).string());
  const Tracks tracks(metadata);
  Sounds sounds = find_sounds(audio.string());
  const auto files = tracks_in(sounds);
  const auto artists = artists_of(tracks);

  Corpus corpus;
  corpus.name = "fma";
  corpus.root = root;
  corpus.unit = "tracks";
  corpus.label = "genre";
  corpus.columns = {"id", "path", "track", "artist", "album", "title", "seconds", "genre", "split", "subset"};
  corpus.levels = {{"genre", {"genre"}}, {"artist", {"artist"}}, {"album", {"artist", "album"}}};
  corpus.synthetic = is_sample(root) || is_sample(audio.string());
  corpus.left_out = std::move(sounds.left_out);
  const size_t most = rank_of(options.subset);
  for (size_t row = 0; row < tracks.size(); ++row) {
    if (row % 1024 == 0) check_interrupt();
    const std::string& subset = tracks.text(row, "set.subset");
    if (rank_of(subset) > most) continue;
    const long number = tracks.number(row);
    const std::string& genre = tracks.text(row, "track.genre_top");
    const auto file = files.find(number);
    if (file == files.end()) {
      corpus.left_out.push_back({path_of(number), "in tracks.csv, and no such file"});
    } else if (genre.empty()) {
      corpus.left_out.push_back({file->second, "no genre in tracks.csv"});
    } else {
      const std::string id = std::to_string(number);
      corpus.rows.push_back({id, (audio / file->second).string(), file->second, artists[row],
                             text_or(tracks, row, "album.title", text_or(tracks, row, "album.id", id)),
                             text_or(tracks, row, "track.title", id), "", genre, tracks.text(row, "set.split"),
                             subset});
    }
  }
  if (corpus.rows.empty()) {
    throw Error(root + ": no track of the subset '" + options.subset + "' in " + audio.string() + " (found " +
                count_of(sounds.paths.size(), "audio files") + ")");
  }
  return make_dataset(std::move(corpus));
}

const RegisterCorpus<FmaOptions> fma{
    "fma",
    read_fma,
    {.summary = "Tracks of the Free Music Archive by tracks.csv; the root may stand at the folder of fma_small and "
                "fma_metadata, one above, or at the audio itself. split 'official' gives train, valid and test as "
                "published, by artist.",
     .returns = "a dataset: columns id, path, track, artist, album, title, seconds, genre, split, subset; label genre",
     .example = "data.fma(archive, { subset = 'medium' })",
     .source = "Defferrard, Benzi, Vandergheynst and Bresson, FMA: A Dataset for Music Analysis, ISMIR 2017"}};

}  // namespace
}  // namespace lumir::data
