// Folds: stratified k-fold over groups, so that an album is never on both sides of one.
//
// The method is that of scikit-learn's StratifiedGroupKFold without shuffling: groups are dealt out one by one, those
// with the most uneven classes first, each to the fold whose classes become most even. Nothing in it is random.

#pragma once

#include <string>
#include <vector>

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
  std::string leak = "refused";  // or "allowed"
  static Schema schema();
};

/// What error texts need to be clear.
struct FoldWords {
  std::vector<std::string> classes;  // names of y's numbers
  std::string label = "class";       // "artist"
  std::string by = "group";          // "album"
};

/// `y` counts classes from 0; empty where nothing is known: then folds are balanced by size alone, as without
/// `stratify`. Throws ArgumentError where a class has fewer groups than there are folds; the text names both ways out.
std::vector<Fold> make_folds(const std::vector<int>& y, const std::vector<std::string>& groups, int folds,
                             bool stratify = true, const FoldWords& words = {});

}  // namespace lumir::data
