// data.npy and data.npz: tables that NumPy wrote, or that table:write wrote.
//
// The arrays of an .npz go by name; beside an .npy may lie PATH.columns.txt and PATH.rows.csv, which hold the words that
// the format has no place for.

#include <charconv>
#include <sstream>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "core/names.h"
#include "data/layout.h"
#include "data/places.h"
#include "data/table_reader.h"
#include "tensor/array_file.h"

namespace lumir::data {
namespace {

/// A list of words: texts as they are, numbers as they are written.
std::vector<std::string> words_called(const tensor::NamedArrays& file, const std::string& name,
                                      const std::string& path) {
  if (const auto texts = file.texts.find(name); texts != file.texts.end()) return texts->second.words;
  const auto array = file.arrays.find(name);
  if (array == file.arrays.end()) return {};
  if (array->second.shape().size() != 1) throw Error(path + ": '" + name + "' is no list");
  std::vector<std::string> words;
  for (const double number : array->second.doubles()) words.push_back(show_number(number));
  return words;
}

Matrix numbers_of(const Array& array, const std::string& path) {
  const auto& shape = array.shape();
  if (is_complex(array.type())) throw Error(path + ": holds complex numbers, and a table has plain ones");
  if (shape.size() != 2) {
    throw Error(path + ": holds an array of " + std::to_string(shape.size()) +
                " dimensions, and a table has rows and " + "columns");
  }
  Matrix numbers;
  numbers.rows = static_cast<size_t>(shape[0]);
  numbers.columns = static_cast<size_t>(shape[1]);
  numbers.values = array.doubles();
  return numbers;
}

/// What is known of the rows and columns beside their numbers.
struct TableWords {
  std::vector<std::string> columns, ids, labels, groups;
  std::string label = "label", group = "group";
};

void check_count(const std::string& path, const char* what, size_t found, size_t wanted, const char* of) {
  if (found == 0 || found == wanted) return;
  throw Error(path + ": " + std::to_string(found) + " " + what + " for " + std::to_string(wanted) + " " + of);
}

Table table_from(const std::string& path, Matrix numbers, TableWords words) {
  check_count(path, "names", words.columns.size(), numbers.columns, "columns");
  check_count(path, "ids", words.ids.size(), numbers.rows, "rows");
  check_count(path, "labels", words.labels.size(), numbers.rows, "rows");
  check_count(path, "groups", words.groups.size(), numbers.rows, "rows");
  Corpus corpus;
  corpus.name = title_of(path);
  corpus.root = path;
  corpus.files = {path};
  corpus.unit = "rows";
  corpus.columns = {"id"};
  for (size_t row = 0; row < numbers.rows; ++row) {
    corpus.rows.push_back({words.ids.empty() ? std::to_string(row + 1) : words.ids[row]});
  }
  const auto add = [&](const std::string& name, const std::vector<std::string>& list) {
    if (list.empty()) return false;
    corpus.columns.push_back(name);
    corpus.levels.push_back({name, {name}});
    for (size_t row = 0; row < list.size(); ++row) corpus.rows[row].push_back(list[row]);
    return true;
  };
  if (add(words.label, words.labels)) corpus.label = words.label;
  if (add(words.group, words.groups)) corpus.group = words.group;
  for (size_t i = words.columns.size(); i < numbers.columns; ++i) words.columns.push_back(std::to_string(i + 1));
  return table_of(std::move(corpus), std::move(numbers), std::move(words.columns));
}

struct NpzOptions {
  std::string x = "x", label = "y", id = "ids", group = "groups", columns = "columns";
  static Schema schema() {
    return {Option{"x", &NpzOptions::x, "the array of numbers, [rows, columns]"},
            Option{"label", &NpzOptions::label, "the labels of the rows, words or numbers, where the file has them"},
            Option{"id", &NpzOptions::id, "the names of the rows, where the file has them"},
            Option{"group", &NpzOptions::group, "what the rows belong to, where the file has it"},
            Option{"columns", &NpzOptions::columns, "the names of the columns, where the file has them"}};
  }
};

Table read_npz(const std::string& path, const NpzOptions& options) {
  const auto file = tensor::load_arrays(path);
  const auto x = file.arrays.find(options.x);
  if (x == file.arrays.end()) {
    std::vector<std::string> names;
    for (const auto& [name, array] : file.arrays) names.push_back(name);
    throw ArgumentError("npz: 'x' = '" + options.x + "' is no array of numbers in " + path +
                        known_names(options.x, names));
  }
  return table_from(path, numbers_of(x->second, path),
                    {.columns = words_called(file, options.columns, path),
                     .ids = words_called(file, options.id, path),
                     .labels = words_called(file, options.label, path),
                     .groups = words_called(file, options.group, path)});
}

/// PATH.rows.csv: id, and the label under its own name.
void read_rows(const std::string& path, TableWords& words) {
  const auto rows = read_csv(read_file(path));
  if (rows.empty()) throw Error(path + ": no rows in it");
  if (rows[0].fields.size() > 1) words.label = rows[0].fields[1];
  for (size_t i = 1; i < rows.size(); ++i) {
    const auto& fields = rows[i].fields;
    if (fields.size() != rows[0].fields.size()) {
      throw Error(path + ", line " + std::to_string(rows[i].line) + ": " + std::to_string(fields.size()) +
                  " fields, and the head has " + std::to_string(rows[0].fields.size()));
    }
    words.ids.push_back(fields[0]);
    if (fields.size() > 1) words.labels.push_back(fields[1]);
  }
}

Table read_npy(const std::string& path, const NoOptions&) {
  const auto file = tensor::load_arrays(path);
  if (file.arrays.size() != 1) throw Error(path + ": is no single array of numbers");
  TableWords words;
  if (const std::string names = path + ".columns.txt"; is_file(names)) {
    std::istringstream lines(read_file(names));
    for (std::string line; std::getline(lines, line);) words.columns.push_back(line);
  }
  if (const std::string rows = path + ".rows.csv"; is_file(rows)) read_rows(rows, words);
  return table_from(path, numbers_of(file.arrays.begin()->second, path), std::move(words));
}

const RegisterTable<NpzOptions> npz{
    "npz",
    read_npz,
    {.summary =
         "A table from an .npz file: an array of numbers and, where they are there, labels, names of rows, groups "
         "and names of columns. What table:write wrote is read without options.",
     .returns = "a Table",
     .example = "data.npz(table:write(place .. '/table.npz'))",
     .source = "numpy.load"}};

const RegisterTable<NoOptions> npy{
    "npy",
    read_npy,
    {.summary =
         "A table from an .npy file of [rows, columns]. PATH.columns.txt (a name on each line) and PATH.rows.csv "
         "(id, label), which table:write leaves beside it, give names and labels where they are there.",
     .returns = "a Table",
     .example = "data.npy(table:write(place .. '/table.npy'))",
     .source = "numpy.load"}};

}  // namespace
}  // namespace lumir::data
