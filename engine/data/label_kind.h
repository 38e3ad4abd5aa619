// How the texts of a label column are read: as classes, as several tags, or as numbers.
//
// A row has one text, whatever is foretold of it ("queen", "guitar|slow", "0.35"), so whatever shuffles, takes, joins or
// writes labels knows nothing of targets; only where a table is made they become an index or a row of numbers.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/target.h"

namespace lumir::data {

struct LabelKind {
  Target target = Target::classes;
  std::string separator = "|";          // between the tags, or the numbers, of a row
  std::vector<std::string> names = {};  // of the tags or the numbers; empty: the tags that occur
};

/// The tags, or the numbers, of one row.
std::vector<std::string> parts_of(const std::string& text, const LabelKind& kind);
/// One text of several tags or numbers.
std::string joined(const std::vector<std::string>& parts, const LabelKind& kind);
/// What is to be foretold, by name: classes or tags that occur, in the order of data/labels.h; those that `kind` names.
std::vector<std::string> names_among(const std::vector<std::string>& texts, const LabelKind& kind);
/// [rows, names]: 1 for each tag of a row, or the numbers of each. Throws Error for a tag that is none of the names, for
/// what is no number and for other than one number for each name.
Matrix values_of(const std::vector<std::string>& texts, const std::vector<std::string>& names, const LabelKind& kind);

}  // namespace lumir::data
