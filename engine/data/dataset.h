// A Dataset: which recordings there are, what each is called, and what is to be done with them.
//
// It is a value: copies are cheap and never change each other. Rows stand in the order of the bytes of their
// ids. `map` only notes a step; `table` does the work, in parallel, and keeps every result on disk by the
// content of the file and the key of the chain. Groups are paths (`artist/album`), so two albums called
// Greatest_Hits differ.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/matrix.h"
#include "core/step.h"
#include "data/label_kind.h"

namespace lumir::data {

struct Audit;
struct Described;
struct Table;

/// A file or folder below a corpus that gave no row, and why.
struct LeftOut {
  std::string path;
  std::string reason;
};

/// A column that recordings can be kept together by.
struct Level {
  std::string name;
  std::vector<std::string> path;  // columns whose texts spell a group, outermost first: artist, album
};

/// What a layout or a known corpus finds in a folder; make_dataset turns it into a Dataset.
struct Corpus {
  std::string name;                            // "artist20"
  std::string root;                            // as the user gave it
  std::string unit = "songs";                  // what a row is called in a sentence
  std::string label;                           // the column that is to be predicted; empty where nothing is known
  std::vector<Level> levels;                   // fields of folders and names, in the order of the layout
  std::vector<std::string> columns;            // id, path and the rest, in the order in which they are shown
  std::vector<std::vector<std::string>> rows;  // [row][column]; `seconds` stays empty: read from files when needed
  bool synthetic = false;                      // the sample corpus: the root holds a file SYNTHETIC
  std::vector<LeftOut> left_out = {};          // counted in one warning, listed whole in a run's log
  std::string train_list = {};                 // files of lists that the corpus comes with: split 'given'
  std::string valid_list = {};
  bool has_sound = true;                // each row is a sound file; false: a row of a table, which stays where it stood
  std::vector<std::string> files = {};  // that the rows of a table were read from
  std::string group = {};               // what folds keep together by default; empty: albums, or else tracks
  LabelKind label_kind = {};            // how the texts of the label's column are read
};

class Dataset {
 public:
  Dataset() = default;

  size_t size() const { return rows_.size(); }
  const std::string& name() const;
  const std::string& root() const;
  const std::string& unit() const;
  const std::string& label() const;
  bool synthetic() const;
  /// False for rows of a table, which have no sound file behind them.
  bool has_sound() const;
  /// Files and folders below the root that gave no row.
  const std::vector<LeftOut>& left_out() const;
  /// The files that the rows of a table were read from.
  const std::vector<std::string>& files() const;
  /// The lists that the corpus comes with, train and validation; empty where it has none.
  std::pair<std::string, std::string> lists() const;

  /// id, path, track, artist, album, title, seconds and what a layout adds, as far as the layout has them.
  std::vector<std::string> columns() const;
  bool has_column(const std::string& name) const;
  /// The texts of a column; ArgumentError with the nearest name where there is none.
  std::vector<std::string> column(const std::string& name) const;
  /// What a row belongs to at the level of `by`, as a path: "artist/album" for "album", the source file for "track".
  /// ArgumentError with the nearest name for what is no level.
  std::vector<std::string> groups(const std::string& by) const;
  /// Columns that groups() knows, outermost first, "track" last.
  std::vector<std::string> levels() const;
  /// The columns that spell a group at a level; the level alone where no layout says more.
  std::vector<std::string> path_of(const std::string& level) const;
  /// What folds and splits keep together unless told otherwise: "album" where there are albums, else "track".
  std::string default_group() const;
  /// The label of each row, as one text (data/label_kind.h); empty where there is no label.
  std::vector<std::string> labels() const;
  const LabelKind& label_kind() const;
  /// What is to be foretold; none where there is no label.
  Target target() const { return label().empty() ? Target::none : label_kind().target; }
  /// The same rows with other labels, one for each; the column that labels came from, and the groups that it spells,
  /// stay as they are.
  Dataset with_labels(const std::vector<std::string>& labels) const;
  /// The different labels in the order of their bytes, of all rows of the corpus, so that every part of a
  /// split counts its classes alike; or the names of the tags, or of the numbers.
  std::vector<std::string> classes() const;
  /// Length of each recording in seconds; 0 where it cannot be read.
  std::vector<double> seconds() const;
  /// sha256 over the sorted ids and the content of every file: says in run.json which data a run saw.
  std::string hash() const;

  /// The same rows with `step` behind the chain.
  Dataset map(const StepPtr& step) const;
  /// What has been mapped so far; null where nothing.
  const StepPtr& chain() const { return chain_; }
  /// The same rows with the chain up to its first step that draws, and the rest of the chain: what is stored, and what
  /// is done anew each time. Null where nothing draws.
  std::pair<Dataset, StepPtr> before_draws() const;
  /// These rows (0-based, in this order).
  Dataset take(std::span<const int> rows) const;
  /// The rows for which `keeps` is true, as a corpus of its own: classes that lose all their rows are no classes any
  /// more, unless this is a side of a split, which counts them as the other side does. `who` begins the error of none.
  Dataset keep(const std::vector<bool>& keeps, const std::string& who) const;
  /// The described table. Files that a step fails for are warned about, counted and left out; throws Error where it
  /// does for all, and that one error where it is the same for all. A chain that draws does so anew in each epoch.
  Table table(uint64_t epoch = 0) const;

  /// Compares some of these rows (0-based) with others: what stands on both sides? All that is described together is
  /// listened to, once.
  Audit audit(std::span<const int> train, std::span<const int> valid) const;
  /// Whenever some of these rows are described, the rows of `whole` are too: both sides of a split in one pass.
  void describe_with(const Dataset& whole);
  /// The line that a split with `leak = 'allowed'` carries; empty otherwise.
  const std::string& leak() const { return leak_; }
  void set_leak(std::string line) { leak_ = std::move(line); }
  /// One side of a split, which counts classes as the other does.
  bool is_side() const { return !pass_.empty(); }
  /// Which rows of the corpus these are: so parts of one corpus are told apart.
  const std::vector<int>& corpus_rows() const { return rows_; }

 private:
  friend Dataset make_dataset(Corpus corpus);
  struct Source;
  const Corpus& corpus() const;
  size_t column_index(const std::string& name) const;
  std::vector<Described>& describe_pass(uint64_t epoch) const;
  std::vector<int> rows_to_describe(const std::vector<Described>& described) const;
  static void fill_rows(Table& table, const Dataset& kept, const std::vector<size_t>& pieces,
                        std::vector<Described>& described);
  static SharedMatrix numbers_of(const std::vector<int>& recordings, size_t columns, std::vector<Described>& described);
  std::shared_ptr<Source> source_;
  std::vector<int> rows_;  // of the corpus
  std::vector<int> pass_;  // rows of the corpus that are described together; empty: rows_
  StepPtr chain_;
  std::shared_ptr<const std::vector<std::string>> classes_;  // where rows were left out; null: those of the corpus
  std::shared_ptr<const std::vector<std::string>> labels_;   // of every row of the corpus; null: its column
  std::string leak_;
};

/// Sorts the rows by the bytes of their ids (as numbers where all ids are numbers); rows of a table stay in their order.
/// Throws Error for a corpus without rows, of sounds with a label and one class only, and for labels that cannot be read.
Dataset make_dataset(Corpus corpus);

/// The first line and a bar for each class, as the prompt shows it.
std::string show(const Dataset& dataset);
/// "268 songs · 20 artists · 64 albums".
std::string count_words(const Dataset& dataset);

}  // namespace lumir::data
