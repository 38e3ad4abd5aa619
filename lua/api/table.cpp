// lumir.data: tables, which are described datasets or were read from files.

#include <algorithm>

#include "api/batches.h"
#include "api/data.h"
#include "api/labels.h"
#include "api/run.h"
#include "bind/step.h"
#include "core/names.h"
#include "data/column_summary.h"
#include "data/draw.h"
#include "data/join.h"
#include "data/table.h"
#include "data/table_rows.h"
#include "data/words.h"
#include "feature/plan/frames.h"

namespace lumir::lua {
namespace {

using data::Table;

int batches_of_table(Call& call) { return batches_of(call, std::make_shared<data::TensorRows>(call.object<Table>(1))); }

std::string show_table(const Table& table) {
  const std::string of = " of " + (table.name.empty() ? "rows" : table.name);
  if (table.items) return "Table of " + std::to_string(table.rows()) + " items" + of;
  std::string text = "Table [" + std::to_string(table.rows()) + ", " + std::to_string(table.x->columns) + "]" + of;
  if (table.has_labels() && table.target != Target::classes) {
    text += " · " + std::to_string(table.classes.size()) + " " + name_of(table.target);
  } else if (!table.y.empty()) {
    text += " · " + data::count_of(table.classes.size(), table.label.empty() ? "class" : table.label);
  }
  return table.leak.empty() ? text : text + "\n  " + table.leak;
}

int write_rows(Call& call) {
  const std::string path = output_path(call.L, call.path(2));
  data::write_table(call.object<Table>(1), path);
  return call.push(path);
}

int numbers_of_table(Call& call) {
  push_any(call.L, *call.object<Table>(1).x);
  return 1;
}

/// table[i]: the frames, tensor or clip of row i, read from disk now; a description of a row of numbers.
int row_of_table(Call& call) {
  if (!call.is_number(2)) return 0;
  const auto& table = call.object<Table>(1);
  const auto rows = static_cast<long>(table.rows());
  const long position = call.integer(2, "position", -rows, rows);
  if (position == 0) throw ArgumentError("table: position 0 is not there; positions count from 1");
  const auto i = static_cast<size_t>(position > 0 ? position - 1 : rows + position);
  if (table.items) {
    push_any(call.L, table.items->at(i));
  } else {
    const auto row = table.x->row(i);
    call.push(feature::Description{table.columns, {row.begin(), row.end()}});
  }
  return 1;
}

/// What stands in a column, numbers or words: id, label, what rows can be grouped by, or a column of the numbers.
std::vector<Value> column_of(const Table& table, const std::string& name) {
  const auto& named = table.columns;
  if (const auto at = std::find(named.begin(), named.end(), name); at != named.end()) {
    data::need_numbers(table, "where");
    std::vector<Value> values;
    for (size_t row = 0; row < table.rows(); ++row) {
      values.emplace_back((*table.x)(row, static_cast<size_t>(at - named.begin())));
    }
    return values;
  }
  std::map<std::string, std::vector<std::string>> words = table.levels;
  if (!table.ids.empty()) words["id"] = table.ids;
  if (table.has_labels()) words[table.label.empty() ? "label" : table.label] = table.labels();
  if (!table.groups.empty()) words.emplace(table.group.empty() ? "group" : table.group, table.groups);
  if (const auto found = words.find(name); found != words.end()) return {found->second.begin(), found->second.end()};
  std::vector<std::string> known;
  for (const auto& [own, list] : words) known.push_back(own);
  known.insert(known.end(), named.begin(), named.end());
  throw ArgumentError("where: the table has no column '" + name + "'" + did_you_mean(name, known));
}

/// table:where('genre', { 'Rock', 'Folk' }), table:where('tempo', function(t) return t > 100 end)
int rows_by(Call& call, bool wanted) {
  const auto& table = call.object<Table>(1);
  const auto keeps = rows_where(call, column_of(table, call.text(2, "column")), wanted);
  std::vector<int> rows;
  for (size_t row = 0; row < keeps.size(); ++row) {
    if (keeps[row]) rows.push_back(static_cast<int>(row));
  }
  return call.push(data::keep_rows(table, rows, call.who()));
}

/// table:select { 'mfcc_*', 'tempo' } or table:select('tempo')
std::vector<size_t> columns_at(Call& call, const Table& table) {
  data::need_numbers(table, call.who());
  const auto names = call.is_text(2) ? std::vector{call.text(2)} : call.words(2, "columns");
  return data::columns_called(table, names, call.who());
}

int select_columns(Call& call) {
  const auto& table = call.object<Table>(1);
  return call.push(data::take_columns(table, columns_at(call, table)));
}

int drop_columns(Call& call) {
  const auto& table = call.object<Table>(1);
  const auto dropped = columns_at(call, table);
  std::vector<size_t> kept;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (std::find(dropped.begin(), dropped.end(), i) == dropped.end()) kept.push_back(i);
  }
  if (kept.empty()) throw ArgumentError("drop: leaves no column");
  return call.push(data::take_columns(table, kept));
}

int join_tables(Call& call) {
  call.at_most(3);
  const auto& other = call.object<Table>(2, "other");
  return call.push(data::join(call.object<Table>(1), other, call.options<data::JoinOptions>(3)));
}

using Columns = std::vector<data::ColumnSummary>;

Value value_of(const data::ColumnSummary& column) {
  return Map{{"name", column.name}, {"count", column.count}, {"missing", column.missing}, {"mean", column.mean},
             {"std", column.std},   {"min", column.min},     {"q25", column.q25},         {"q50", column.q50},
             {"q75", column.q75},   {"max", column.max}};
}

/// described.tempo: what is known of one column.
int described_column(Call& call) {
  if (!call.is_text(2)) return 0;
  for (const auto& column : call.object<Columns>(1)) {
    if (column.name == call.text(2)) return call.push(value_of(column));
  }
  return 0;
}

const Class<Columns> columns_class =
    Class<Columns>("Columns", "What stands in the columns of a table; printed, a row for each.", "table:describe()")
        .text([](const Columns& columns) { return data::show(columns); })
        .field("value",
               [](const Columns& columns) {
                 List list;
                 for (const auto& column : columns) list.push_back(value_of(column));
                 return Value(list);
               },
               {.summary = "All columns in their order.",
                .returns = "a list of tables: name, count, missing, mean, std (ddof 1), min, q25, q50, q75, max"})
        .index(described_column,
               {.summary = "One column by its name.",
                .returns = "a table: name, count, missing, mean, std (ddof 1), min, q25, q50, q75, max",
                .example = "table:describe().rms_mean"})
        .index_names([](const Columns& columns) {
          std::vector<std::string> names;
          for (const auto& column : columns) names.push_back(column.name);
          return names;
        })
        .meta("__len", [](Call& call) { return call.push(call.object<Columns>(1).size()); },
              {.summary = "How many columns there are.", .returns = "an integer", .example = "#table:describe()"});

int split_table(Call& call) {
  const Table table = data::with_recordings(call.object<Table>(1));
  if (!table.songs) throw ArgumentError("split: the rows of this table have no names to be told apart by");
  const data::Split split = split_at(call, *table.songs);
  note_split(call.L, split);
  call.push(data::rows_on(table, split.train));
  call.push(data::rows_on(table, split.valid));
  if (!split.test) return 2;
  call.push(data::rows_on(table, *split.test));
  return 3;
}

/// What `for fold, train, valid in table:folds { ... }` calls.
struct TableFolds {
  Table table;
  std::vector<data::Split> folds;
  size_t next = 0;
};

int next_fold(Call& call) {
  auto& loop = call.object<TableFolds>(1);
  if (loop.next >= loop.folds.size()) return call.push(Value());
  const auto& fold = loop.folds[loop.next++];
  call.push(loop.next);
  call.push(data::rows_on(loop.table, fold.train));
  call.push(data::rows_on(loop.table, fold.valid));
  return 3;
}

const Class<TableFolds> table_folds_class =
    Class<TableFolds>("TableFolds", "The rounds of a cross-validation over a table, for a loop.",
                      "table:folds { folds = 2 }")
        .text([](const TableFolds& loop) { return folds_text(loop.folds); })
        .meta("__call", next_fold,
              {.summary = "The next round; every row is in `valid` in one of them.",
               .returns = "its number from 1, a Table to learn from, one to test on; nil after the last",
               .example = "table:folds { folds = 2 }()",
               .parameters = {argument("...", "value", "what a for loop passes; not read")}});

int folds_of_table(Call& call) {
  Table table = data::with_recordings(call.object<Table>(1));
  if (!table.songs) throw ArgumentError("folds: the rows of this table have no names to be told apart by");
  auto folds = data::folds(*table.songs, call.options<data::FoldOptions>(2));
  note_folds(call.L, folds);
  return call.push(TableFolds{std::move(table), std::move(folds)});
}

const Class<Table> table_class =
    Class<Table>("Table", "A described dataset: a row of numbers for each recording, with ids and labels.", "table")
        .text(show_table)
        .field_with("x", numbers_of_table,
                    {.summary = "Its numbers.", .returns = "a Tensor of [rows, columns], float64"})
        .field("columns", [](const Table& table) { return Value(words_list(table.columns)); },
               {.summary = "What each column is, such as 'mfcc_03_mean'.", .returns = "a list of text"})
        .field("ids", [](const Table& table) { return Value(words_list(table.ids)); },
               {.summary = "The id of each row.", .returns = "a list of text"})
        .field("labels", [](const Table& table) { return labels_of(table); },
               {.summary = "The label of each row, or its tags, or its number; empty where the corpus has none.",
                .returns = "a list of text, of lists of text or of numbers"})
        .field("target",
               [](const Table& table) { return Value(name_of(table.has_labels() ? table.target : Target::none)); },
               {.summary = "What is to be foretold: 'classes', 'tags', 'numbers', 'none'.", .returns = "text"})
        .field("classes", [](const Table& table) { return Value(words_list(table.classes)); },
               {.summary =
                    "The different labels of the whole corpus, sorted by bytes, or the names of its tags or numbers.",
                .returns = "a list of text"})
        .field("recordings", [](const Table& table) { return Value(words_list(table.recordings)); },
               {.summary = "The id of the recording that each row is all or a part of.", .returns = "a list of text"})
        .field("label", [](const Table& table) { return Value(table.label); },
               {.summary = "What is to be predicted, such as 'artist'; '' for tables without a name for it.",
                .returns = "text"})
        .field("groups", [](const Table& table) { return Value(words_list(table.groups)); },
               {.summary = "What folds keep together of each row; empty where each row stands for itself.",
                .returns = "a list of text"})
        .field("weights", [](const Table& table) { return Value(List(table.weights.begin(), table.weights.end())); },
               {.summary = "How much each row counts in a fit; empty where all count alike.",
                .returns = "a list of numbers"})
        .field("leak", [](const Table& table) { return Value(table.leak); },
               {.summary = "What leaks into the other side of a split with leak = 'allowed'; '' for nothing.",
                .returns = "text"})
        .method("select", select_columns,
                {.summary = "The same rows with these columns, in this order.",
                 .returns = "a Table",
                 .example = "table:select { 'mfcc_*', 'rms_mean' }",
                 .source = "pandas' DataFrame.filter",
                 .parameters = {argument("columns", "list of text", "their names; '*' stands for any text")}})
        .method("drop", drop_columns,
                {.summary = "The same rows without these columns.",
                 .returns = "a Table",
                 .example = "table:drop { '*_std' }",
                 .source = "pandas' DataFrame.drop",
                 .parameters = {argument("columns", "list of text", "their names; '*' stands for any text")}})
        .method("where", [](Call& call) { return rows_by(call, true); },
                {.summary =
                     "The rows where a column has a value, or where a function of it answers true. Columns are those "
                     "of the numbers, id, the label, and what rows can be grouped by.",
                 .returns = "a Table",
                 .example = "table:where('rms_mean', function(rms) return rms > 0 end)",
                 .parameters = where_parameters()})
        .method("without", [](Call& call) { return rows_by(call, false); },
                {.summary = "All rows but those where a column has a value, or where a function of it answers true.",
                 .returns = "a Table",
                 .example = "table:without('rms_mean', function(rms) return rms < 0 end)",
                 .parameters = where_parameters()})
        .method("draw",
                [](Call& call) {
                  call.at_most(2);
                  return call.push(data::draw(call.object<Table>(1), call.options<data::DrawOptions>(2)));
                },
                {.summary = "Fewer rows, at random: so many of each genre, or of all.",
                 .returns = "a Table; what has fewer rows keeps all of them",
                 .example = "table:draw { n = 2 }",
                 .source = "pandas' DataFrameGroupBy.sample",
                 .parameters = schema_of<data::DrawOptions>()})
        .method("join", join_tables,
                {.summary = "The columns of two tables side by side, row by row of the same id.",
                 .returns = "a Table with the labels and groups of the first",
                 .example = "table:join(table, { prefix = 'other_' })",
                 .source = "pandas' DataFrame.join",
                 .parameters =
                     with_arguments({argument("other", "Table", "each id once")}, schema_of<data::JoinOptions>())})
        .method("by_row",
                [](Call& call) {
                  call.at_most(1);
                  return call.push(data::row_by_row(call.object<Table>(1), call.who()));
                },
                {.summary = "The same rows, each as a recording of its own: splits and folds by = 'id' then deal "
                            "rows one by one. The song that a row was cut from stays its track, so that the audit "
                            "tells of songs that stand on both sides, which need leak = 'allowed'.",
                 .returns = "a Table",
                 .example = "table:by_row():split { by = 'id', hold = 0.5, leak = 'allowed' }",
                 .source = "Lumir's own"})
        .method("describe",
                [](Call& call) {
                  call.at_most(1);
                  return call.push(data::describe_columns(call.object<Table>(1)));
                },
                {.summary = "Counts, missing numbers, mean, deviation, least, quartiles and largest of each column.",
                 .returns = "Columns",
                 .example = "table:describe()",
                 .source = "pandas' DataFrame.describe"})
        .method("split", split_table, split_words("Table", "table"))
        .method("folds", folds_of_table,
                {.summary = "Stratified cross-validation that keeps groups whole, audited as splits are.",
                 .returns = "TableFolds, for a loop: the number of the fold, a Table to learn from, one to test on",
                 .example = "for fold, train, valid in table:folds { folds = 2 } do print(fold, #train, #valid) end",
                 .source = "scikit-learn's StratifiedGroupKFold",
                 .parameters = schema_of<data::FoldOptions>()})
        .method("batches", batches_of_table, batches_words("table"))
        .method("write", write_rows,
                {.summary = kWrittenTable,
                 .returns = "the path that was written",
                 .example = "table:write(place .. '/table.csv')",
                 .parameters = {argument("path", "text", "the file; its ending is the format")}})
        .index(
            row_of_table,
            {.summary = "What a row holds: the frames, tensor or clip that its recording became, read from disk now; "
                        "of a row of numbers a Description.",
             .returns = "what the chain ends in",
             .example = "table[-1]"})
        .meta("__len", [](Call& call) { return call.push(call.object<Table>(1).rows()); },
              {.summary = "How many rows there are.", .returns = "an integer", .example = "#table"});

}  // namespace
}  // namespace lumir::lua
