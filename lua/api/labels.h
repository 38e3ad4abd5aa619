// What is to be foretold of rows as Lua writes it: a class, a list of tags, a number or a list of them.

#pragma once

#include "bind/bind.h"
#include "data/table.h"
#include "model/model.h"

namespace lumir::lua {

/// What a table by hand says of its labels besides `y`.
struct LabelWords {
  std::string target;              // empty: as `y` looks
  std::vector<std::string> names;  // of tags or numbers that `y` has columns of; all classes, where some have no row
};
/// The names in one row of tags; an empty table holds none.
std::vector<std::string> tags_in(const Value& row);
/// The value at `i` as labels of a table: a list of classes; of lists of tags by name; rows of 0 and 1 for tags; with
/// target = 'numbers' a number for each row, or rows of them.
void set_labels_at(Call& call, int i, const LabelWords& words, data::Table& table);

Value labels_of(const data::Table& table);
Value labels_of(const data::Dataset& songs);
/// What a model said of rows, in the same form.
Value answers_of(const model::Model& model, const model::Predictions& answers);

}  // namespace lumir::lua
