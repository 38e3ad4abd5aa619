// Splits that somebody has drawn before: lists of paths, one for each side.
//
// A list is a JSON array of paths, a csv file (the column path, file or filename where its first line names one, else
// the first column), or any other text with a path on each line. A path may begin above the corpus
// ("./train_val/queen/Jazz/01-Mustapha.mp3"): what counts is that it ends in a recording's path below the root. Its
// ending may be missing or that of another format, and a name alone ("blues.00029") serves where it is one recording's.

#pragma once

#include <string>

#include "data/split.h"

namespace lumir::data {

/// `songs:split('given', { train = 'train.json', valid = 'val.json' })`; with `test`, three sides.
struct GivenOptions {
  std::string train = "";  // a list; empty: the one that the corpus comes with
  std::string valid = "";
  std::string test = "";            // empty: no third side
  std::string lists = "";           // all three by one name: "splits/{side}_filtered.txt"
  std::string missing = "refused";  // or "told": paths of the lists that the corpus has not
  std::string leak = "refused";     // or what SplitOptions know
  static Schema schema();
};

/// The split of two lists or three, audited as every split is. Recordings that stand on none are on no side; one
/// warning counts them. Throws Error with every path that is no recording, stands twice or on two lists.
Split given_split(const Dataset& songs, const GivenOptions& given);

}  // namespace lumir::data
