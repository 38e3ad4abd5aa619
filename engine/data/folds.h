// Folds: stratified k-fold over groups, so that an album is never on both sides of one.
//
// The method is that of scikit-learn's StratifiedGroupKFold without shuffling: groups are dealt out one by one, those
// with the most uneven classes first, each to the fold whose classes become most even. Nothing in it is random.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/schema.h"

namespace lumir::data {

/// One way of cutting: rows (0-based, ascending) to learn from and to test on.
struct Fold {
  std::vector<int> train;
  std::vector<int> valid;
};

/// `songs:folds { folds = 5, by = 'album' }`.
struct FoldOptions {
  int folds = 5;
  std::string by = "";  // empty: the dataset's default group
  bool stratify = true;
  std::string leak = "refused";  // or "allowed", "moved"
  static Schema schema();
};

/// What error texts need to be clear.
struct FoldWords {
  std::vector<std::string> classes;  // names of y's numbers
  std::string label = "class";       // "artist"
  std::string by = "group";          // "album"
};

/// `y` counts classes from 0; empty where nothing is known: then folds are balanced by size alone, as without
/// `stratify`. Without `groups` rows are dealt one by one, as scikit-learn's StratifiedKFold (or KFold) does unshuffled.
///
/// A class with fewer groups than there are folds is tested in as many folds as it has groups. One with a single group
/// cannot be tested by what has learnt it: it only trains, and the rest are dealt as if it were not there. Both are told
/// in one warning, once. Throws ArgumentError where some fold would have nothing to test on.
std::vector<Fold> make_folds(const std::vector<int>& y, const std::vector<std::string>& groups, int folds,
                             bool stratify = true, const FoldWords& words = {});

/// The same for rows with several tags, `tags` is [rows, tags] of 0 and 1: iterative stratification of whole groups
/// (data/iterative_stratification.h), or of rows without `groups`.
std::vector<Fold> make_tag_folds(const Matrix& tags, const std::vector<std::string>& groups, int folds,
                                 const FoldWords& words = {});

/// How many rows of each group have each tag, the groups in the order of their names.
struct TagGroups {
  std::vector<std::string> names;
  std::vector<int> of_row;    // the group of each row
  Matrix counts;              // [groups, tags]
  std::vector<double> sizes;  // rows of each group
};
TagGroups count_tags(const Matrix& tags, const std::vector<std::string>& groups);

}  // namespace lumir::data
