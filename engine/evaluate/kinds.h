// Recordings of one kind and of another, men and women, short and long: which of them a model has right.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "evaluate/results.h"

namespace lumir::evaluate {

/// Recordings of one kind: 1 for each that is right, else 0, and what each belongs to (none: to itself).
struct Kind {
  std::vector<double> right;
  std::vector<std::string> groups;
  double share() const;
};

/// What the first model has right, by the word that a recording's id has in `word_of`; recordings without a word are left
/// out. Results are of classes.
std::map<std::string, Kind> kinds_of(const Results& results, const std::map<std::string, std::string>& word_of);

}  // namespace lumir::evaluate
