// See fma_tracks.h.

#include "data/fma_tracks.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/error.h"
#include "core/file.h"
#include "data/places.h"
#include "data/words.h"

namespace lumir::data {

namespace fs = std::filesystem;

size_t fma_rank(const std::string& subset) {
  return static_cast<size_t>(std::find(kFmaSubsets.begin(), kFmaSubsets.end(), subset) - kFmaSubsets.begin());
}

std::vector<fs::path> fma_places(const std::string& root) {
  auto places = places_in_root(root);
  places.push_back(folder_above(root));
  return places;
}

fs::path find_fma_metadata(const std::string& root, const std::string& name) {
  for (const auto& place : fma_places(root)) {
    for (const auto& file : {place / "fma_metadata" / name, place / name}) {
      if (is_file(file)) return file;
    }
  }
  require_there(root);
  throw Error(root + ": no fma_metadata/" + name + " in it, in a folder of it or beside it");
}

FmaTracks::FmaTracks(std::string file) : file_(std::move(file)), rows_(read_csv(read_file(file_))) {
  if (rows_.size() < 3) throw Error(file_ + ": not FMA's tracks.csv, whose header has three lines");
  const auto& groups = rows_[0].fields;
  const auto& names = rows_[1].fields;
  for (size_t i = 0; i < std::min(groups.size(), names.size()); ++i) places_.emplace(groups[i] + "." + names[i], i);
  // the third line names the index; a table that was written without it begins with a track
  first_ = number_in(0, 2) ? 2 : 3;
}

const std::string& FmaTracks::text(size_t row, const std::string& column) const {
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

std::string FmaTracks::text_or(size_t row, const std::string& column, const std::string& other) const {
  if (has(column) && !text(row, column).empty()) return text(row, column);
  return other;
}

long FmaTracks::number(size_t row) const {
  if (const auto track = number_in(0, first_ + row)) return *track;
  throw Error(where(rows_[first_ + row]) + "'" + rows_[first_ + row].fields[0] + "' is no number of a track");
}

std::optional<long> FmaTracks::number_in(size_t field, size_t row) const {
  const auto& text = rows_[row].fields[field];
  long number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size() && number >= 0;
  return whole ? std::optional(number) : std::nullopt;
}

std::vector<std::string> FmaTracks::artists() const {
  const bool has_name = has("artist.name"), has_id = has("artist.id");
  std::vector<std::string> artists;
  std::map<std::string, std::set<std::string>> ids_of;
  for (size_t row = 0; row < size(); ++row) {
    artists.push_back(has_name ? text(row, "artist.name") : text(row, "artist.id"));
    if (has_id) ids_of[artists.back()].insert(text(row, "artist.id"));
  }
  for (size_t row = 0; has_id && row < artists.size(); ++row) {
    if (ids_of[artists[row]].size() > 1) artists[row] += " (" + text(row, "artist.id") + ")";
  }
  return artists;
}

}  // namespace lumir::data
