// Rows of a Table, and its way into files.

#include "data/table.h"
#include "data/labels.h"

#include <algorithm>

#include "core/csv.h"
#include "core/file.h"
#include "core/matrix_array.h"
#include "data/words.h"

namespace lumir::data {
namespace {

std::string label_head(const Table& table) {
  return !table.has_labels() ? "" : "," + csv_field(table.label.empty() ? "label" : table.label);
}
/// Columns without names are numbered.
std::string column_name(const Table& table, size_t column) {
  return table.columns.empty() ? std::to_string(column + 1) : table.columns[column];
}
std::string label_of(const std::vector<std::string>& labels, size_t row) {
  return labels.empty() ? "" : "," + csv_field(labels[row]);
}

/// Rows without names are numbered.
std::string id_of(const Table& table, size_t row) {
  return table.ids.empty() ? std::to_string(row + 1) : table.ids[row];
}

std::string to_csv(const Table& table) {
  const auto labels = table.labels();
  std::string text = "id" + label_head(table);
  for (size_t j = 0; j < table.x->columns; ++j) text += "," + csv_field(column_name(table, j));
  text += "\n";
  for (size_t row = 0; row < table.rows(); ++row) {
    text += csv_field(id_of(table, row)) + label_of(labels, row);
    for (const double value : table.x->row(row)) text += "," + show_number(value);
    text += "\n";
  }
  return text;
}

std::string to_rows_csv(const Table& table) {
  const auto labels = table.labels();
  std::string text = "id" + label_head(table) + "\n";
  for (size_t row = 0; row < table.rows(); ++row) text += csv_field(id_of(table, row)) + label_of(labels, row) + "\n";
  return text;
}

}  // namespace

std::vector<std::string> Table::labels() const {
  std::vector<std::string> words;
  for (const int place : y) words.push_back(classes.at(static_cast<size_t>(place)));
  for (size_t row = 0; row < values.rows; ++row) {
    std::vector<std::string> parts;
    for (size_t j = 0; j < values.columns; ++j) {
      if (target == Target::numbers) parts.push_back(show_number(values(row, j)));
      if (target == Target::tags && values(row, j) > 0) parts.push_back(classes[j]);
    }
    words.push_back(joined(parts, {}));
  }
  return words;
}

void Table::set_labels(const Dataset& of) {
  classes = of.classes();
  label = of.label();
  if (of.target() == Target::none) return;
  target = of.target();
  if (target == Target::classes) {
    y = places_of(of.labels(), classes);
  } else {
    values = values_of(of.labels(), classes, of.label_kind());
  }
}

void Table::set_values(Target what, std::vector<std::string> names, Matrix rows) {
  target = what;
  classes = std::move(names);
  values = std::move(rows);
  y.clear();
}

void Table::check(const std::string& who) const {
  if (rows() == 0) throw ArgumentError(who + ": a table needs 'x', rows of numbers");
  const std::pair<const char*, size_t> sizes[] = {{"labels", target == Target::classes ? y.size() : values.rows},
                                                  {"groups", groups.size()},
                                                  {"weights", weights.size()},
                                                  {"ids", ids.size()}};
  for (const auto& [what, size] : sizes) {
    if (size == 0 || size == rows()) continue;
    throw ArgumentError(who + ": " + std::to_string(rows()) + " rows but " + std::to_string(size) + " " + what);
  }
  for (const auto& one : classes) {
    if (target == Target::classes || one.find('|') == std::string::npos) continue;
    throw ArgumentError(who + ": '" + one + "' holds '|', which stands between the tags of a row");
  }
  if (!items && !columns.empty() && columns.size() != x->columns) {
    throw ArgumentError(who + ": rows of " + std::to_string(x->columns) + " numbers but " +
                        std::to_string(columns.size()) + " names of columns");
  }
  if (const std::string twice = first_repeated(columns); !twice.empty()) {
    throw ArgumentError(who + ": more than one column is called '" + twice + "'");
  }
}

void Table::set_labels(const std::vector<std::string>& words) {
  classes = classes_among(words);
  y = places_of(words, classes);
}

Table Table::with_classes(const std::vector<std::string>& known, const std::string& who) const {
  Table out = *this;
  if (classes == known || !has_labels()) return out;
  const auto places = places_of(classes, known);
  if (target != Target::classes) {
    for (size_t j = 0; j < places.size(); ++j) {
      if (places[j] >= 0) continue;
      throw ArgumentError(who + ": '" + classes[j] + "' is nothing that the models know of" +
                          did_you_mean(classes[j], known));
    }
    out.values = Matrix(values.rows, known.size());
    for (size_t row = 0; row < values.rows; ++row) {
      for (size_t j = 0; j < places.size(); ++j) out.values(row, static_cast<size_t>(places[j])) = values(row, j);
    }
    out.classes = known;
    return out;
  }
  for (int& one : out.y) {
    const std::string& word = classes.at(static_cast<size_t>(one));
    one = places[static_cast<size_t>(one)];
    if (one >= 0) continue;
    throw ArgumentError(who + ": '" + word + "' is no class that the models know" + did_you_mean(word, known));
  }
  out.classes = known;
  return out;
}

const std::vector<std::string>& Table::groups_by(const std::string& by) const {
  if (by.empty() || by == group) return groups;
  const auto found = levels.find(by);
  if (found != levels.end()) return found->second;
  if (groups.empty()) {
    throw ArgumentError("table: 'by' = '" + by +
                        "', and no groups were given (groups = { ... } names one of each row)");
  }
  std::vector<std::string> names{group};
  for (const auto& [column, paths_of_level] : levels) names.push_back(column);
  throw ArgumentError("table: nothing to group by is called '" + by + "'" + did_you_mean(by, names));
}

Table Table::take(std::span<const int> which) const {
  Table out = *this;
  if (items) {
    out.items = take_items(items, which);
  } else {
    out.x = x->take(which);
  }
  out.ids = taken(ids, which);
  out.recordings = taken(recordings, which);
  out.y = taken(y, which);
  out.groups = taken(groups, which);
  out.weights = taken(weights, which);
  if (values.rows > 0) out.values = values.take(which);
  out.paths = taken(paths, which);
  out.song = taken(song, which);
  for (auto& [column, level] : out.levels) level = taken(level, which);
  return out;
}

void need_numbers(const Table& table, const std::string& who) {
  if (!table.items) return;
  throw ArgumentError(who + ": the chain ends in " + kind_of(table.items->at(0)) +
                      ", and a table needs one row for each recording (end the chain with feature.summary)");
}

tensor::NamedArrays to_arrays(const Table& table, const std::string& who) {
  need_numbers(table, who);
  tensor::NamedArrays file;
  file.arrays["x"] = array_of(table.x);
  const auto add = [&](const char* name, const std::vector<std::string>& words) {
    if (!words.empty()) file.texts[name] = {{static_cast<int64_t>(words.size())}, words};
  };
  add("columns", table.columns);
  add("ids", table.ids);
  add("y", table.labels());
  add("groups", table.groups);
  return file;
}

void write_table(const Table& table, const std::string& path) {
  need_numbers(table, "write");
  if (path.ends_with(".csv")) {
    write_file(path, to_csv(table));
  } else if (path.ends_with(".npz")) {
    tensor::save_arrays(path, to_arrays(table, "write"), "write");
  } else if (path.ends_with(".npy")) {
    std::string columns;
    for (size_t j = 0; j < table.x->columns; ++j) columns += column_name(table, j) + "\n";
    tensor::save_arrays(path, {{{"", array_of(table.x)}}, {}}, "write");
    write_file(path + ".columns.txt", columns);
    write_file(path + ".rows.csv", to_rows_csv(table));
  } else {
    throw ArgumentError("write: 'path' = '" + path + "' must end in .csv, .npy or .npz");
  }
}

}  // namespace lumir::data
