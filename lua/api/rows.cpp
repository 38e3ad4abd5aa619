// Rows as arguments: what the data module made, tables written by hand, rows of numbers with labels behind them.

#include "api/rows.h"

#include <array>
#include <utility>

#include "api/labels.h"
#include "bind/arguments.h"
#include "bind/text.h"
#include "core/names.h"
#include "data/dataset.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

/// Rows of numbers: a tensor or a list of lists.
SharedMatrix matrix_at(Call& call, int i) {
  if (call.is<at::Tensor>(i)) return tensor::to_shared_matrix(call.object<at::Tensor>(i), call.who());
  const std::string& who = call.who();
  const List list = call.list(i, "x", "a tensor or a list of rows of numbers");
  Matrix matrix;
  matrix.rows = list.size();
  for (size_t r = 0; r < list.size(); ++r) {
    const List* row = list[r].list();
    if (r == 0) matrix.columns = row ? row->size() : 0;
    if (!row || row->size() != matrix.columns) {
      throw ArgumentError(who + ": row " + std::to_string(r + 1) + " of 'x' must be a list of " +
                          std::to_string(matrix.columns) + " numbers");
    }
    for (const auto& element : *row) {
      if (!element.number()) {
        throw ArgumentError(who + ": row " + std::to_string(r + 1) + " of 'x' holds " + show(element) +
                            ", not a number");
      }
      matrix.values.push_back(*element.number());
    }
  }
  return matrix;
}

std::vector<double> numbers_from(const List& list, const std::string& who, const char* name) {
  std::vector<double> numbers;
  for (const auto& element : list) {
    if (!element.number()) throw ArgumentError(who + ": '" + name + "' must hold numbers, got " + show(element));
    numbers.push_back(*element.number());
  }
  return numbers;
}

/// What a table that is written by hand may hold.
constexpr std::array<std::pair<const char*, const char*>, 9> kFields = {
    {{"x", "a Tensor or a list of rows"},
     {"y", "a label for each row: a word, a number, or a list of tags"},
     {"target", "'classes', 'tags' or 'numbers', where y could be read in several ways"},
     {"names", "of the tags or numbers that y has columns of, or all classes where some have no row"},
     {"groups", "what a split keeps together, a word for each row"},
     {"weights", "of the rows, numbers"},
     {"ids", "words by which rows are called"},
     {"columns", "what the numbers of a row are called"},
     {"synthetic", "true for numbers of made music, which titles and tables say"}}};

std::string fields_in_words() {
  std::string text;
  for (const auto& [name, meaning] : kFields) text += (text.empty() ? "" : "; ") + std::string(name) + ", " + meaning;
  return text;
}

/// A table that was written by hand, or read from a file.
data::Table table_by_hand(Call& call, int i) {
  data::Table table;
  LabelWords words;
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    const std::string key = lua_type(call.L, -2) == LUA_TSTRING ? text_at(call.L, -2) : "1";
    const int value = lua_gettop(call.L);
    if (key == "x") {
      table.x = matrix_at(call, value);
      if (table.x->rows == 0) throw ArgumentError(call.who() + ": 'x' is empty");
    } else if (key == "y") {  // read when all is known of it
    } else if (key == "target") {
      words.target = call.text(value, "target");
    } else if (key == "names") {
      words.names = call.words(value, "names");
    } else if (key == "groups") {
      table.groups = call.words(value, "groups");
    } else if (key == "weights") {
      table.weights = numbers_from(call.list(value, "weights", "a list of numbers"), call.who(), "weights");
    } else if (key == "ids") {
      table.ids = call.words(value, "ids");
    } else if (key == "columns") {
      table.columns = call.words(value, "columns");
    } else if (key == "synthetic") {
      if (!lua_isboolean(call.L, value)) call.wrong(value, "synthetic", "true or false");
      table.synthetic = lua_toboolean(call.L, value) != 0;
    } else {
      std::vector<std::string> known;
      for (const auto& field : kFields) known.emplace_back(field.first);
      throw ArgumentError(call.who() + ": unknown field '" + key + "' of a table" + known_names(key, known));
    }
  }
  lua_getfield(call.L, i, "y");
  if (!lua_isnil(call.L, -1)) set_labels_at(call, lua_gettop(call.L), words, table);
  lua_pop(call.L, 1);
  table.check(call.who());
  return table;
}

const Module table_module =
    Module("data").function("table",
                            [](Call& call) {
                              call.at_most(1);
                              if (!call.is_table(1)) call.wrong(1, "rows", "{ x = rows, y = labels }");
                              return call.push(table_by_hand(call, 1));
                            },
                            {.summary = "A Table from numbers of one's own, for whatever takes a described dataset.",
                             .returns = "a Table",
                             .example = "data.table { x = { { 1, 2 }, { 3, 4 } }, y = { 'a', 'b' } }",
                             .source = "Lumir's own",
                             .parameters = {argument("rows", "table", fields_in_words())}});

}  // namespace

bool has_words(Call& call, int i) {
  lua_pushnil(call.L);
  if (!lua_next(call.L, i)) return false;
  const bool word = lua_type(call.L, -2) == LUA_TSTRING;
  lua_pop(call.L, 2);
  return word;
}

bool are_rows(Call& call, int i) { return call.is<at::Tensor>(i) || (call.is_table(i) && !has_words(call, i)); }

data::Table table_at(Call& call, int i, int more) {
  if (call.is_nil(i)) throw ArgumentError(call.who() + ": got nil; a misspelt name?");
  const bool rows = are_rows(call, i);
  call.at_most((rows ? i + 1 : i) + more);
  if (rows) {
    data::Table table;
    table.x = matrix_at(call, i);
    if (!call.is_nil(i + 1)) set_labels_at(call, i + 1, {}, table);
    return table;
  }
  if (call.is<data::Table>(i) || call.is<data::Dataset>(i)) return described_at(call, i, "table");
  if (!call.is_table(i))
    call.wrong(i, "table", "a table of numbers (songs:map(describe), or { x = rows, y = labels })");
  return table_by_hand(call, i);
}

data::Table described_at(Call& call, int i, const char* name) {
  if (const auto* table = test_object<data::Table>(call.L, i)) return *table;
  if (const auto* songs = test_object<data::Dataset>(call.L, i)) return songs->table();
  if (call.is_table(i) && has_words(call, i)) return table_by_hand(call, i);
  call.wrong(i, name, "a Dataset, a Table or { x = rows, y = labels }");
}

}  // namespace lumir::lua
