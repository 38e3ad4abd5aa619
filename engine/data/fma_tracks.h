// FMA's tracks.csv, and where its metadata lie: what the corpus of sounds and the table of features both read.
//
// For the files of this folder only.

#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/csv.h"

namespace lumir::data {

/// Each holds those before it.
inline constexpr std::array kFmaSubsets{"small", "medium", "large"};
/// The place of a subset among them; a word that is none of them comes last.
size_t fma_rank(const std::string& subset);

/// Folders that may hold the audio or the metadata: the root, those in it, the one above it.
std::vector<std::filesystem::path> fma_places(const std::string& root);
/// A file of the metadata ("tracks.csv") in these, or in a folder fma_metadata there. Throws Error where there is none.
std::filesystem::path find_fma_metadata(const std::string& root, const std::string& name);

/// tracks.csv: the columns by the names of their first two header lines ("set.split"), and a row for each track.
class FmaTracks {
 public:
  explicit FmaTracks(std::string file);

  size_t size() const { return rows_.size() - first_; }
  bool has(const std::string& column) const { return places_.contains(column); }
  /// Throws Error, with the line, for a row that is too short or whose quotes are not closed.
  const std::string& text(size_t row, const std::string& column) const;
  /// The text of a column, or `other` where it is empty or there is no such column.
  std::string text_or(size_t row, const std::string& column, const std::string& other) const;
  /// The track's number.
  long number(size_t row) const;
  /// The artist of each track. Artists of one name are told apart by their ids, or the audit would take them for one.
  std::vector<std::string> artists() const;

 private:
  std::optional<long> number_in(size_t field, size_t row) const;
  std::string where(const CsvRow& row) const { return file_ + ", line " + std::to_string(row.line) + ": "; }

  std::string file_;
  std::vector<CsvRow> rows_;
  std::map<std::string, size_t> places_;
  size_t first_ = 3;
};

}  // namespace lumir::data
