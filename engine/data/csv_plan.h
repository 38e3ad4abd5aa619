// What becomes of each column of a csv file: a label, the group, the id; left out; words; numbers.
//
// For the files of this folder only.

#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/csv_table.h"

namespace lumir::data {

struct CsvPlan {
  enum class Role { number, onehot, ordinal, kept, dropped };
  std::vector<Role> roles;
  std::vector<size_t> labels;  // one column, or several of tags or numbers
  bool labels_apart = false;   // each tag, or each number, has a column of its own
  std::string label_name;      // what they are called together
  std::optional<size_t> group, id;
  bool any_words = false;   // whatever holds words is encoded, or kept
  Role how = Role::number;  // as this

  bool is_encoded(size_t column) const { return roles[column] == Role::onehot || roles[column] == Role::ordinal; }
  bool is_words(size_t column) const {
    return is_encoded(column) || roles[column] == Role::kept || is_label(column) || column == group || column == id;
  }
  bool is_label(size_t column) const { return std::find(labels.begin(), labels.end(), column) != labels.end(); }
};

/// What the options say of each column. Throws ArgumentError where one of them names none.
CsvPlan plan_of(const NamedCsv& csv, const CsvOptions& options);

/// Columns of words that nobody named become what `words` says of all.
void take_for_words(CsvPlan& plan, const std::vector<size_t>& columns);

/// The words of each column that is encoded, a missing one left out: what their numbers will be called is
/// known before a number is read. Columns that nobody named and that hold mostly numbers become numbers again;
/// throws Error for one whose words all differ, as names of rows do, because a number for each would tell
/// nothing but which row it is.
std::map<size_t, std::vector<std::string>> settle_words(const NamedCsv& csv, CsvPlan& plan);

}  // namespace lumir::data
