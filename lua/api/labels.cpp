// See labels.h.

#include "api/labels.h"

#include <algorithm>

#include "api/tensor.h"
#include "data/labels.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::lua {
namespace {

/// A row for each element, one column for elements that are numbers.
Matrix rows_of_numbers(Call& call, int i) {
  if (call.is<at::Tensor>(i)) {
    const at::Tensor& y = call.object<at::Tensor>(i);
    return tensor::to_matrix(y.dim() == 1 ? y.unsqueeze(1) : y, call.who());
  }
  const List list = call.list(i, "y");
  Matrix rows;
  for (const auto& element : list) {
    const List alone{element};
    const List& row = element.list() ? *element.list() : alone;
    if (rows.rows++ == 0) rows.columns = row.size();
    for (const auto& number : row) {
      if (row.size() != rows.columns || !number.number()) {
        throw ArgumentError(call.who() + ": row " + std::to_string(rows.rows) + " of 'y' must be " +
                            std::to_string(rows.columns) + " numbers, got " + show(element));
      }
      rows.values.push_back(*number.number());
    }
  }
  return rows;
}

std::vector<std::string> named(Call& call, const LabelWords& words, size_t columns) {
  if (words.names.empty()) {
    std::vector<std::string> numbers;
    for (size_t j = 0; j < columns; ++j) numbers.push_back(std::to_string(j + 1));
    return numbers;
  }
  if (words.names.size() == columns) return words.names;
  throw ArgumentError(call.who() + ": " + std::to_string(words.names.size()) + " names for the " +
                      std::to_string(columns) + " columns of 'y'");
}

/// Names of tags, in a list for each row.
void set_named_tags(const List& rows, const LabelWords& words, const std::string& who, data::Table& table) {
  const data::LabelKind kind{.target = Target::tags, .separator = "\n", .names = words.names};
  std::vector<std::string> texts;
  for (const auto& row : rows) {
    const auto tags = tags_in(row);
    texts.push_back(data::joined(tags, kind));
  }
  const auto names = data::names_among(texts, kind);
  if (names.empty()) throw ArgumentError(who + ": 'y' names no tag in any row");
  table.set_values(Target::tags, names, data::values_of(texts, names, kind));
}

/// True for a list of lists whose first element is a word, or which are all empty.
bool are_names(const List& rows) {
  for (const auto& row : rows) {
    if (row.list() && !row.list()->empty()) return row.list()->front().text() != nullptr;
  }
  return true;
}

/// The classes of a tensor: whole numbers, one a row.
std::vector<std::string> whole_numbers(Call& call, int i) {
  const at::Tensor& y = call.object<at::Tensor>(i);
  const std::string what = tensor::dtype_name(y.scalar_type()) + " " + tensor::show_shape(y.sizes());
  if (y.dim() != 1 || !at::isIntegralType(y.scalar_type(), true)) {
    throw ArgumentError(call.who() + ": 'y' is a Tensor of " + what +
                        "; classes are whole numbers, one a row (y:long()), and target = 'numbers' beside x and y "
                        "foretells numbers");
  }
  std::vector<std::string> labels;
  for (const double number : tensor::to_doubles(y, call.who())) labels.push_back(show_number(number));
  return labels;
}

void check_tags(Call& call, const Matrix& rows) {
  for (const double tag : rows.values) {
    if (tag != 0 && tag != 1) throw ArgumentError(call.who() + ": 'y' holds " + show_number(tag) + ", tags are 0 or 1");
  }
}

Value row_value(Target target, const std::vector<std::string>& names, std::span<const double> row) {
  if (target == Target::numbers) return row.size() == 1 ? Value(row[0]) : Value(List(row.begin(), row.end()));
  List tags;
  for (size_t j = 0; j < row.size(); ++j) {
    if (row[j] > 0) tags.push_back(names.at(j));
  }
  return tags;
}

Value rows_value(Target target, const std::vector<std::string>& names, const Matrix& values) {
  List rows;
  for (size_t i = 0; i < values.rows; ++i) rows.push_back(row_value(target, names, values.row(i)));
  return rows;
}

Value words_value(const std::vector<std::string>& words) { return List(words.begin(), words.end()); }

/// A class for each row; `names` are all of them, where some have no row.
void set_classes(const std::vector<std::string>& labels, const LabelWords& words, const std::string& who,
                 data::Table& table) {
  data::check_labels(who, "y", labels);
  data::check_labels(who, "names", words.names);
  table.set_labels(labels);
  if (!words.names.empty()) table = table.with_classes(words.names, who);
}

}  // namespace

std::vector<std::string> tags_in(const Value& row) {
  std::vector<std::string> tags;
  if (row.map() && row.map()->empty()) return tags;
  for (const auto& tag : row.list() ? *row.list() : List{row}) tags.push_back(tag.text() ? *tag.text() : show(tag));
  return tags;
}

void set_labels_at(Call& call, int i, const LabelWords& words, data::Table& table) {
  const std::vector<std::string> targets{"classes", "tags", "numbers"};
  if (!words.target.empty() && std::find(targets.begin(), targets.end(), words.target) == targets.end()) {
    throw ArgumentError(call.who() + ": 'target' = '" + words.target + "' is none of 'classes', 'tags', 'numbers'" +
                        did_you_mean(words.target, targets));
  }
  const bool tensor = call.is<at::Tensor>(i);
  if (words.target == "numbers") {
    const Matrix rows = rows_of_numbers(call, i);
    return table.set_values(Target::numbers, named(call, words, rows.columns), rows);
  }
  const bool table_of_tags = tensor && call.object<at::Tensor>(i).dim() == 2 && words.target != "classes";
  if (tensor && words.target != "tags" && !table_of_tags) {
    return set_classes(whole_numbers(call, i), words, call.who(), table);
  }
  const List list = tensor ? List{} : call.list(i, "y");
  const bool lists =
      tensor ? call.object<at::Tensor>(i).dim() == 2 : !list.empty() && (list[0].list() || list[0].map());
  if (words.target == "classes" || (words.target.empty() && !lists)) {
    return set_classes(call.words(i, "y"), words, call.who(), table);
  }
  if (!tensor && are_names(list)) return set_named_tags(list, words, call.who(), table);
  const Matrix rows = rows_of_numbers(call, i);
  check_tags(call, rows);
  table.set_values(Target::tags, named(call, words, rows.columns), rows);
}

Value labels_of(const data::Table& table) {
  if (table.target == Target::classes) return words_value(table.labels());
  return rows_value(table.target, table.classes, table.values);
}

Value labels_of(const data::Dataset& songs) {
  if (songs.target() == Target::classes || songs.target() == Target::none) return words_value(songs.labels());
  return rows_value(songs.target(), songs.classes(), values_of(songs.labels(), songs.classes(), songs.label_kind()));
}

Value answers_of(const model::Model& model, const model::Predictions& answers) {
  if (model.target == Target::tags) return rows_value(Target::tags, model.classes, model::tags_of(model, answers));
  if (model.target == Target::numbers) return rows_value(Target::numbers, model.classes, answers.scores);
  List words;
  for (const int label : answers.predicted) words.push_back(model.classes.at(static_cast<size_t>(label)));
  return words;
}

}  // namespace lumir::lua
