// data.csv: a table of numbers with a column that is to be predicted.
//
// Every column is one of: a label, the group, the id; left out; words; numbers. What does not fit is
// never passed over: it is counted, the first of it is named by row and column, and nothing is read
// unless the options say how.

#include "data/csv_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "core/error.h"
#include "core/names.h"
#include "core/observer.h"
#include "core/text.h"
#include "data/csv_plan.h"
#include "data/labels.h"
#include "data/layout.h"
#include "data/table_reader.h"
#include "data/words.h"

namespace lumir::data {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Target target_called(const std::string& word) {
  for (const Target target : {Target::tags, Target::numbers}) {
    if (word == name_of(target)) return target;
  }
  return Target::classes;
}

std::vector<std::string> taken_at(const std::vector<std::string>& names, const std::vector<size_t>& places) {
  std::vector<std::string> found;
  for (const size_t place : places) found.push_back(names[place]);
  return found;
}

std::vector<size_t> where_positive(const std::vector<size_t>& counts) {
  std::vector<size_t> places;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) places.push_back(i);
  }
  return places;
}

/// Where the columns of the table come from.
struct Sources {
  std::vector<CsvColumn> read;                       // for the file
  std::vector<std::string> columns;                  // of the table
  std::map<size_t, size_t> words;                    // column of the file: its list of words
  std::map<size_t, std::vector<std::string>> kinds;  // of columns that are encoded
  std::map<size_t, size_t> first;                    // the first of the table's columns of these
};

Sources sources_of(const NamedCsv& csv, CsvPlan& plan) {
  Sources sources;
  sources.kinds = settle_words(csv, plan);
  for (size_t i = 0; i < csv.names.size(); ++i) {
    const auto role = plan.roles[i];
    sources.first[i] = sources.columns.size();
    if (plan.is_words(i)) {
      sources.read.push_back({CsvColumn::Kind::words, sources.words.size()});
      sources.words.emplace(i, sources.words.size());
    } else if (role == CsvPlan::Role::number) {
      sources.read.push_back({CsvColumn::Kind::number, sources.columns.size()});
    } else {
      sources.read.push_back({CsvColumn::Kind::skipped});
    }
    if (role == CsvPlan::Role::number || role == CsvPlan::Role::ordinal) sources.columns.push_back(csv.names[i]);
    if (role != CsvPlan::Role::onehot) continue;
    for (const auto& kind : sources.kinds.at(i)) sources.columns.push_back(csv.names[i] + "_" + kind);
  }
  return sources;
}

/// Words as numbers: a column for each of them, or the place of each. One that is missing is none of them.
void encode(const Sources& sources, const CsvPlan& plan, CsvContent& content) {
  for (const auto& [column, kinds] : sources.kinds) {
    const auto places = places_of(content.words[sources.words.at(column)], kinds);
    const size_t first = sources.first.at(column);
    for (size_t row = 0; row < places.size(); ++row) {
      if (plan.roles[column] == CsvPlan::Role::ordinal) {
        content.numbers(row, first) = places[row] < 0 ? kNaN : places[row];
        content.missing[column] += places[row] < 0;
      } else if (places[row] >= 0) {
        content.numbers(row, first + static_cast<size_t>(places[row])) = 1;
      }
    }
  }
}

size_t total(const std::vector<size_t>& counts) { return std::accumulate(counts.begin(), counts.end(), size_t{0}); }

/// "12 cells of 3 columns"
std::string cells_in_words(const std::vector<size_t>& counts) {
  const size_t n = total(counts);
  const auto columns = where_positive(counts).size();
  return count_of(n, "cells") + (columns > 1 ? " of " + count_of(columns, "columns") : "");
}

std::string hint_for(const CsvCell& cell, const std::string& column, bool is_label, const CsvOptions& options) {
  const bool comma = options.decimal != "," && cell.text.find(',') != std::string::npos &&
                     cell.text.find_first_not_of("+-.,0123456789eE ") == std::string::npos;
  if (comma) return " (decimal = ',' reads decimal commas)";
  if (is_label) return " (na_values = { ... } names what is missing, faulty = 'dropped' leaves such rows out)";
  const auto* words = options.words.text();
  return (words && *words != "refused" ? " (a column of numbers, by most of its cells: words = { ['" + visible(column) +
                                             "'] = 'onehot' } takes it for words, "
                                       : std::string(" (words = 'onehot' or 'ordinal' makes numbers of words, ")) +
         "na_values = { ... } names what is missing, faulty = 'dropped' leaves such rows out)";
}

/// Whether a label's text is read as this number where nothing is known of the file.
bool is_plain(const std::string& text, double number) {
  double read = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, read);
  return problem == std::errc() && stop == end && read == number;
}

/// Labels that are numbers, read as the file's other numbers are: they become plain texts ("0.35" for "0,35"),
/// one that is missing becomes "", and one that holds no number, or none that is finite, is odd.
void read_number_labels(const NamedCsv& csv, const CsvPlan& plan, const Sources& sources, CsvContent& content) {
  for (const size_t column : plan.labels) {
    auto& labels = content.words[sources.words.at(column)];
    bool first = true;
    for (size_t row = 0; row < labels.size(); ++row) {
      const auto number = csv.file.number_of(labels[row]);
      if (!number || std::isinf(*number)) {
        if (first) content.first_odd.push_back({row, column, labels[row]});
        first = false;
        ++content.odd[column];
        content.faulty[row] = 1;
      } else if (std::isnan(*number)) {
        labels[row].clear();
      } else if (!is_plain(labels[row], *number)) {
        labels[row] = show_number(*number);
      }
    }
  }
  std::stable_sort(content.first_odd.begin(), content.first_odd.end(), [](const CsvCell& a, const CsvCell& b) {
    return std::tie(a.row, a.column) < std::tie(b.row, b.column);
  });
}

/// What stands in the way of reading the numbers; empty for nothing. Several kinds of it are one text.
std::string faults_in(const NamedCsv& csv, const CsvPlan& plan, const CsvContent& content, const CsvOptions& options) {
  std::string text;
  if (!content.ragged.empty()) {
    const RaggedRow& first = content.ragged.front();
    text += count_of(content.ragged.size(), "rows") + " of other than " + count_of(csv.names.size(), "fields") +
            ", the first: " + place_in(csv.file, first.row) + ", " + count_of(first.fields, "fields");
    if (options.faulty == "refused" && content.first_odd.empty()) text += " (faulty = 'dropped' leaves such rows out)";
  }
  if (!content.first_odd.empty()) {
    const CsvCell& first = content.first_odd.front();
    text += (text.empty() ? "" : "; ") + cells_in_words(content.odd) + " hold" + (total(content.odd) == 1 ? "s" : "") +
            " no number, the first: " + place_in(csv.file, first.row, csv.names[first.column]) + ": '" +
            visible(first.text) + "'";
    if (options.faulty == "refused")
      text += hint_for(first, csv.names[first.column], plan.is_label(first.column), options);
  }
  return text;
}

void tell_of_missing(const NamedCsv& csv, const CsvContent& content, const CsvOptions& options) {
  if (total(content.missing) == 0 || options.missing == "expected") return;
  std::string text = csv.file.path() + ": " + cells_in_words(content.missing) + " missing";
  if (!content.first_missing.empty()) {
    const CsvCell& first = content.first_missing.front();
    text += ", the first: " + place_in(csv.file, first.row, csv.names[first.column]);
  }
  if (options.missing == "refused")
    throw Error(text + " (missing = 'kept' makes NaN of them, 'dropped' leaves such rows out)");
  observer().warn(text + (options.missing == "dropped" ? "; their rows are left out" : "; they are NaN"));
}

/// Rows that stay, in their order.
std::vector<size_t> rows_kept(const CsvContent& content, const CsvOptions& options) {
  std::vector<size_t> kept;
  for (size_t row = 0; row < content.faulty.size(); ++row) {
    if (content.faulty[row]) continue;
    const auto numbers = content.numbers.row(row);
    const bool has_all = options.missing != "dropped" ||
                         std::none_of(numbers.begin(), numbers.end(), [](double number) { return std::isnan(number); });
    if (has_all) kept.push_back(row);
  }
  return kept;
}

/// Moves the rows that stay together; no second matrix is made.
void keep_rows(Matrix& numbers, const std::vector<size_t>& kept) {
  if (kept.size() == numbers.rows) return;
  for (size_t i = 0; i < kept.size(); ++i) {
    const auto from = numbers.row(kept[i]);
    std::copy(from.begin(), from.end(), numbers.row(i).begin());
  }
  numbers.rows = kept.size();
  numbers.values.resize(kept.size() * numbers.columns);
}

/// Rows without a label teach nothing and test nothing; one without tags says that it has none of them.
void mark_unlabelled(const NamedCsv& csv, const CsvPlan& plan, const Sources& sources, const CsvOptions& options,
                     CsvContent& content) {
  if (options.target == name_of(Target::tags)) return;
  size_t n = 0, first = 0, first_column = 0;
  for (const size_t column : plan.labels) {
    const auto& labels = content.words[sources.words.at(column)];
    for (size_t row = 0; row < labels.size(); ++row) {
      if (content.faulty[row] || !csv.file.is_missing(labels[row])) continue;
      if (n++ == 0) {
        first = row;
        first_column = column;
      }
      content.faulty[row] = 1;
    }
  }
  if (n == 0) return;
  const std::string text = csv.file.path() + ": " + count_of(n, "rows") +
                           " without a label, the first: " + place_in(csv.file, first, csv.names[first_column]);
  if (options.faulty == "refused") throw Error(text + " (faulty = 'dropped' leaves such rows out)");
  observer().warn(text + "; left out");
}

/// Whether a row has the tag of a column.
bool is_tagged(const NamedCsv& csv, size_t row, size_t column, const std::string& cell) {
  if (cell == "1" || cell == "1.0" || cell == "True" || cell == "true") return true;
  if (cell == "0" || cell == "0.0" || cell == "False" || cell == "false" || csv.file.is_missing(cell)) return false;
  throw Error(csv.file.path() + ": " + place_in(csv.file, row, csv.names[column]) + ": '" + visible(cell) +
              "' says not whether the row has the tag (0 or 1)");
}

/// The label of each row that stays, as one text.
std::vector<std::string> label_texts(const NamedCsv& csv, const CsvPlan& plan, const Sources& sources,
                                     const CsvOptions& options, const CsvContent& content,
                                     const std::vector<size_t>& kept) {
  const bool tags = options.target == name_of(Target::tags);
  std::vector<std::string> texts(kept.size());
  for (const size_t column : plan.labels) {
    const auto& words = content.words[sources.words.at(column)];
    const std::string& name = csv.names[column];
    if (tags && plan.labels_apart && name.find(options.tag_separator) != std::string::npos) {
      throw ArgumentError("csv: the tag '" + visible(name) + "' holds 'tag_separator' = '" + options.tag_separator +
                          "'; take another one");
    }
    for (size_t i = 0; i < kept.size(); ++i) {
      const std::string& cell = words[kept[i]];
      if (tags && plan.labels_apart && !is_tagged(csv, kept[i], column, cell)) continue;
      texts[i] += (texts[i].empty() ? "" : options.tag_separator) + (tags && plan.labels_apart ? name : cell);
    }
  }
  return texts;
}

LabelKind label_kind_of(const NamedCsv& csv, const CsvPlan& plan, const CsvOptions& options) {
  LabelKind kind{.target = target_called(options.target), .separator = options.tag_separator};
  if (plan.labels_apart) kind.names = taken_at(csv.names, plan.labels);
  return kind;
}

Corpus corpus_of(const NamedCsv& csv, const CsvPlan& plan, const Sources& sources, const CsvOptions& options,
                 CsvContent& content, const std::vector<size_t>& kept) {
  Corpus corpus;
  corpus.name = title_of(csv.file.path());
  corpus.root = csv.file.path();
  corpus.files = {csv.file.path()};
  corpus.unit = "rows";
  corpus.columns = {"id"};
  std::vector<const std::vector<std::string>*> words;
  for (const auto& [column, list] : sources.words) {
    const bool shown = plan.roles[column] == CsvPlan::Role::kept || column == plan.group;
    if (!shown) continue;
    corpus.columns.push_back(csv.names[column]);
    words.push_back(&content.words[list]);
  }
  if (plan.group) corpus.group = csv.names[*plan.group];
  const bool labelled = !plan.labels.empty(), own = labelled && plan.label_name != corpus.group;
  for (const auto& name : {own ? plan.label_name : std::string(), corpus.group}) {
    if (!name.empty()) corpus.levels.push_back({name, {name}});
  }
  corpus.label = plan.label_name;
  corpus.label_kind = label_kind_of(csv, plan, options);
  const auto labels = label_texts(csv, plan, sources, options, content, kept);
  if (own) corpus.columns.push_back(plan.label_name);
  for (size_t i = 0; i < kept.size(); ++i) {
    const size_t row = kept[i];
    auto& fields = corpus.rows.emplace_back();
    fields.push_back(plan.id ? content.words[sources.words.at(*plan.id)][row] : std::to_string(row + 1));
    for (const auto* list : words) fields.push_back((*list)[row]);
    if (own) fields.push_back(labels[i]);
  }
  return corpus;
}

/// Names as pandas gives them: an empty one is "Unnamed: 0", the second "a" is "a.1", unless
/// another column is called so.
std::vector<std::string> names_of(const CsvFile& file) {
  std::vector<std::string> names, twice;
  for (size_t i = 0; i < file.columns(); ++i) {
    names.push_back(file.head().empty() ? std::to_string(i + 1) : file.head().back()[i]);
    if (names.back().empty()) names.back() = "Unnamed: " + std::to_string(i);
  }
  std::set<std::string> given(names.begin(), names.end()), taken;
  for (auto& name : names) {
    if (taken.insert(name).second) continue;
    const std::string stem = name;
    for (size_t n = 1; given.contains(name) || !taken.insert(name).second; ++n) name = stem + "." + std::to_string(n);
    twice.push_back("'" + visible(stem) + "' (now '" + visible(name) + "')");
  }
  if (!twice.empty()) {
    observer().warn(file.path() + ": " + (twice.size() == 1 ? "a name stands" : "names stand") +
                    " at several columns: " + listed(twice));
  }
  return names;
}

char character_of(const std::string& word) { return word == "auto" ? '\0' : word == "tab" ? '\t' : word[0]; }

Table read_csv_file(const std::string& path, const CsvOptions& options) { return read_csv_table(path, options); }

const RegisterTable<CsvOptions> csv_table{
    "csv",
    read_csv_file,
    {.summary =
         "A table of numbers from a csv file whose first line names the columns. What does not fit is counted, and "
         "the first of it named by row and column.",
     .returns = "a Table; an empty cell, or a word such as NA, is NaN",
     .example = "data.csv(table:write(place .. '/table.csv'), { label = 'artist', id = 'id' })",
     .source = "pandas' read_csv"}};

}  // namespace

Schema CsvOptions::schema() {
  return {
      Option{
          "label", &CsvOptions::label,
          "the column that is to be predicted, '' for none; of tags or numbers also a list of columns, '*' in a name "
          "stands for any text",
          Kind{"text or list of text"}},
      Option{"target", &CsvOptions::target,
             "what the label is: one class a row; tags, several a row, in one column or 0 and 1 in a column for each; "
             "numbers to be foretold",
             Choices{"classes", "tags", "numbers"}},
      Option{"tag_separator", &CsvOptions::tag_separator, "what stands between the tags of a row"},
      Option{"group", &CsvOptions::group, "the column of what splits and folds keep together; '' for none"},
      Option{"id", &CsvOptions::id, "the column that names the rows; '' numbers them from 1"},
      Option{"drop", &CsvOptions::drop, "columns to leave out; '*' in a name stands for any text"},
      Option{"words", &CsvOptions::words,
             "what becomes of columns of words: 'refused' is an error, 'onehot' a column for each word, 'ordinal' its "
             "place from 0, 'kept' stands beside the numbers to group and choose by; or { column = 'onehot' }. A few "
             "words among numbers make no column of words: they are faulty cells",
             Kind{"word or table"}},
      Option{"missing", &CsvOptions::missing,
             "what becomes of numbers that are not there: NaN ('kept', or 'expected' without a warning), rows left "
             "out, an "
             "error",
             Choices{"kept", "expected", "dropped", "refused"}},
      Option{"faulty", &CsvOptions::faulty,
             "what becomes of rows of another length, without a label or with a cell that is no number",
             Choices{"refused", "dropped"}},
      Option{"na_values", &CsvOptions::na_values,
             "words for a missing number, beside pandas' own ('', 'NA', 'null' ...)"},
      Option{"separator", &CsvOptions::separator,
             "what stands between fields; 'auto' takes what the first line has most", Choices{"auto", ",", ";", "tab"}},
      Option{"decimal", &CsvOptions::decimal,
             "what stands before decimals; 'auto' takes commas too where none separate fields",
             Choices{"auto", ".", ","}},
      Option{"header", &CsvOptions::header,
             "the first line names the columns; without one they are called '1', '2' ..."}};
}

std::string place_in(const CsvFile& file, size_t row, const std::string& column) {
  return "row " + std::to_string(row + 1) + " (line " + std::to_string(file.line_of(row)) + ")" +
         (column.empty() ? "" : ", column '" + visible(column) + "'");
}

Table read_csv_table(const NamedCsv& csv, const CsvOptions& options) {
  CsvPlan plan = plan_of(csv, options);
  constexpr size_t kLookedAt = 1000;
  if (plan.any_words) take_for_words(plan, csv.file.columns_of_words(kLookedAt));
  Sources sources = sources_of(csv, plan);
  CsvContent content = csv.file.read(sources.read, sources.columns.size());
  if (plan.any_words && !content.columns_of_words().empty()) {  // words that only begin further down
    take_for_words(plan, content.columns_of_words());
    content = {};
    sources = sources_of(csv, plan);
    content = csv.file.read(sources.read, sources.columns.size());
  }
  if (options.target == name_of(Target::numbers)) read_number_labels(csv, plan, sources, content);
  if (const std::string faults = faults_in(csv, plan, content, options); !faults.empty()) {
    if (options.faulty == "refused") throw Error(csv.file.path() + ": " + faults);
    observer().warn(csv.file.path() + ": " + faults + "; left out");
  }
  mark_unlabelled(csv, plan, sources, options, content);
  encode(sources, plan, content);
  tell_of_missing(csv, content, options);
  const auto kept = rows_kept(content, options);
  if (kept.empty()) throw Error(csv.file.path() + ": no row is left");
  keep_rows(content.numbers, kept);
  Corpus corpus = corpus_of(csv, plan, sources, options, content, kept);
  content.words.clear();
  return table_of(std::move(corpus), std::move(content.numbers), std::move(sources.columns));
}

Table read_csv_table(const std::string& path, const CsvOptions& options) {
  const CsvFile file(path, {.separator = character_of(options.separator),
                            .decimal = character_of(options.decimal),
                            .head_lines = options.header ? size_t{1} : size_t{0},
                            .missing = options.na_values});
  return read_csv_table(NamedCsv{file, names_of(file)}, options);
}

}  // namespace lumir::data
