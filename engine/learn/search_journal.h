// A search's journal: what each setting was worth in each fold, written down as soon as it is known.
//
// A line of JSON holds one cell, or those that were worked out together where a learner shares work between settings;
// it appears whole or not at all. So a process that is killed loses what was running, and the next search with the same
// journal goes on with equal results: a cell is known by the estimator with all its options, the rows of both sides of
// the fold, the metrics, and Lumir's version. Searches of other grids, learners and data may share a journal.

#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/value.h"
#include "core/version.h"
#include "data/folds.h"
#include "model/training.h"

namespace lumir::learn {

/// One setting in one fold.
struct SearchCell {
  std::vector<double> scores;  // by each metric; empty where it could not be fitted
  std::string reason;          // why it could not be fitted
  double seconds = 0;
  std::vector<double> train = {};  // the scores on the rows that taught, where they are asked for
};

class SearchJournal {
 public:
  /// Reads what is there; '' is no journal. Throws Error for a file of another kind. A last line that a full disk or a
  /// kill cut short is left out.
  explicit SearchJournal(std::string path);
  /// Null where nothing is known. Valid until the next `add`.
  const SearchCell* find(const std::string& key) const;
  void add(const std::vector<std::pair<std::string, SearchCell>>& cells);
  bool kept() const { return !path_.empty(); }

 private:
  std::string path_;
  std::map<std::string, SearchCell> cells_;
};

/// What tells the rows of a fold, with all that travels with them, from those of any other.
std::string fold_key(const model::Training& training, const data::Fold& fold);
/// What a cell is known by: `estimator` with all its options, fold_key's text, the names of the metrics, and the
/// version of the program that works it out, because another may come to other scores.
std::string cell_key(const Value& estimator, const std::string& fold, const std::vector<std::string>& metrics,
                     const std::string& program = version());

}  // namespace lumir::learn
