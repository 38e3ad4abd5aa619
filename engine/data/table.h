// A Table: a described dataset, one row of numbers for each recording, with what learners and reports need to
// know. Where the chain ends in something else than a description (frames, a tensor, a clip), the rows are items: they
// stay on disk and are read one by one.
//
// It stands on its own (no files behind it), so that tests and tables from elsewhere make one by hand.

#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/step.h"
#include "core/target.h"
#include "data/dataset.h"
#include "data/items.h"
#include "tensor/array_file.h"

namespace lumir::data {

/// A recording that could not be described.
struct Skipped {
  std::string id;
  std::string path;
  std::string reason;
};

struct Table {
  SharedMatrix x;                    // [rows, columns]; empty where the rows are items
  ItemsPtr items;                    // what the chain ends in, row by row; null where that is a description
  std::vector<std::string> columns;  // "mfcc_03_mean"
  std::vector<std::string> ids;      // one for each row; "song.mp3#2" for a part of a recording
  std::vector<std::string>
      classes;         // of the whole corpus, sorted by bytes, or tags, or numbers; empty where nothing is known
  std::vector<int> y;  // index into classes; empty where there are none
  std::vector<std::string> groups;  // what folds and resampling keep together by default: "artist/album"
  StepPtr chain;                    // what described the rows; null for tables from elsewhere
  Target target = Target::classes;  // what `y` (classes) or `values` (tags, numbers) say of each row
  Matrix values;                    // [rows, labels] of 0 and 1 or [rows, outputs]; empty for classes
  std::vector<double> weights;      // how much each row counts in a fit; empty: all alike

  std::string label;                                       // the column that is to be predicted: "artist"
  std::string group;                                       // the column of `groups`: "album"
  std::string name;                                        // of the corpus: "artist20"
  std::vector<std::string> recordings;                     // of which each row is all or a part: the IDs of these
  std::vector<std::string> paths;                          // of the sound files; empty where there are none
  std::map<std::string, std::vector<std::string>> levels;  // groups by column: "artist", "album", "track"
  bool synthetic = false;                                  // made by the sample corpus: titles and tables say so
  std::string leak;                                        // the red line of a split that leaks on purpose
  std::shared_ptr<const Dataset> songs;                    // whose recordings they are; null for tables from elsewhere
  std::vector<int> song;                                   // which row of `songs` each row is all or a part of
  std::vector<Skipped> skipped;                            // recordings, not rows

  size_t rows() const { return items ? items->size() : x->rows; }
  /// True where something is known of what is to be foretold.
  bool has_labels() const { return !y.empty() || values.rows > 0; }
  /// The label of each row as a text, of several tags or numbers with '|' between; empty where there are none.
  std::vector<std::string> labels() const;
  /// What is to be foretold of these recordings, one for each row, and what it is called.
  void set_labels(const Dataset& of);
  /// The same of tags or numbers of a table without a corpus, and of one column what they are.
  void set_values(Target what, std::vector<std::string> names, Matrix rows);
  /// The group of each row at the level of `by` (empty: the default). ArgumentError with the nearest name
  /// where there is no such level.
  const std::vector<std::string>& groups_by(const std::string& by) const;
  /// Throws ArgumentError, begun by `who`, for a table without rows, and where labels, groups or weights are not as
  /// many as the rows: what a table that was written by hand is asked.
  void check(const std::string& who) const;
  /// Gives every row a label in words; classes are the different ones, in the order of data/labels.h.
  void set_labels(const std::vector<std::string>& words);
  /// The table with its labels counted as `known` counts them: another corpus, or a part of one, may have other
  /// classes. Throws ArgumentError, begun by `who`, where it has a label that `known` lacks.
  Table with_classes(const std::vector<std::string>& known, const std::string& who) const;
  /// These rows (0-based, in this order), with everything that travels with them.
  Table take(std::span<const int> which) const;
};

/// Throws ArgumentError where the rows are items: what works on numbers asks this first.
void need_numbers(const Table& table, const std::string& who);

/// The table as arrays by name: x [rows, columns], columns, ids, y (labels in words) and groups, as far as there are
/// any. What reads a table by hand takes them back. Throws ArgumentError, begun by `who`, where rows are items.
tensor::NamedArrays to_arrays(const Table& table, const std::string& who);

/// Writes the table with its column names. `.csv`: id, label (where known), then every column. `.npz`: to_arrays.
/// `.npy`: the numbers as float64 [rows, columns], and beside it PATH.columns.txt and PATH.rows.csv (id and label),
/// because the format has no place for words. ArgumentError for another ending.
void write_table(const Table& table, const std::string& path);

}  // namespace lumir::data
