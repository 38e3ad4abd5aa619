// lumir.data: corpora by name, datasets and what is done with them.

#include <algorithm>
#include <cstdio>
#include <utility>

#include <unistd.h>

#include "api/batches.h"
#include "api/learn.h"
#include "api/run.h"
#include "bind/step.h"
#include "core/terminal.h"
#include "data/corpus.h"
#include "data/dataset.h"
#include "data/draw.h"
#include "data/given.h"
#include "data/sample.h"
#include "data/split.h"
#include "data/table.h"
#include "feature/plan/frames.h"
#include "model/transform_step.h"

namespace lumir::lua {
namespace {

using data::Dataset;
using data::Table;

/// `data.sample 'artist20'`: a promise of a folder; nothing is made until its path is asked for.
struct Sample {
  std::string name;
  Map options;
};

std::string path_of(const Sample& sample) { return data::sample_corpus(sample.name, sample.options); }

const Class<Sample> sample_class =
    Class<Sample>("Sample", "A synthetic corpus that is made when it is first used; stands where a folder may stand.",
                  "sample")
        .text([](const Sample& sample) { return "data.sample '" + sample.name + "'"; })
        .as_value([](const Sample& sample) { return Value("data.sample '" + sample.name + "'"); })
        .field("path", [](const Sample& sample) { return Value(path_of(sample)); },
               {.summary = "Its folder; the recordings are made first where they are missing.", .returns = "text"});

std::string folder_at(Call& call, int i) {
  if (call.is<Sample>(i)) return path_of(call.object<Sample>(i));
  return call.path(i, "root");
}

List words_list(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

/// What run.json says of the data; the first dataset of a run is the one that the run is about.
void record_data(report::RunRecord& record, const Dataset& songs) {
  record.set("data", Map{{"corpus", songs.name()},
                         {"root", songs.root()},
                         {"count", songs.size()},
                         {"classes", words_list(songs.classes())},
                         {"synthetic", songs.synthetic()},
                         {"sha256", songs.hash()}});
}

bool shows_colour() { return isatty(STDOUT_FILENO) == 1; }

/// The first split of a run is the one that its scores are about: it is shown, recorded and written as lists. A later
/// one (part of train set aside to watch a network) is recorded beside it; a leak is always shown. Says whether this
/// is the first.
bool record_cut(lua_State* L, const data::Split& split) {
  const bool is_first = !std::exchange(session_of(L).has_cut, true);
  auto& record = run_record(L);
  if (is_first) record_data(record, split.whole);
  if (is_first || !split.audit.clean()) std::puts(for_terminal(data::show(split, shows_colour())).c_str());
  std::fflush(stdout);
  if (!split.audit.clean()) add_red_line(record, split.audit_line());
  Map said{{"rule", split.rule},
           {"audit", split.audit_line()},
           {"train", split.train.size()},
           {"validation", split.valid.size()}};
  if (split.test) said["test"] = split.test->size();
  record.set(is_first ? "split" : "inner_split", said);
  record.write();
  const std::string where = is_first ? "split" : "inner split";
  for (const auto& pair : split.compared) {
    const std::string sides = ": " + data::name_of(pair.learns) + " and " + data::name_of(pair.tests);
    record_leaks(L, where + (pair.alone ? "" : sides), pair.audit);
  }
  return is_first;
}

void record_split(lua_State* L, const data::Split& split) {
  if (record_cut(L, split)) data::write_split(run_record(L).folder(), split);
}

/// All folds are one cut; the first that leaks speaks for them.
void record_folds(lua_State* L, const std::vector<data::Split>& folds) {
  const auto leaks = [](const data::Split& fold) { return !fold.audit.clean(); };
  auto found = std::find_if(folds.begin(), folds.end(), leaks);
  if (found == folds.end()) found = folds.begin();
  data::Split all = *found;
  for (const auto& fold : folds) {
    if (&fold != &*found) record_leaks(L, "folds", fold.audit);
  }
  all.rule = "validation: each of " + std::to_string(folds.size()) + " folds in turn";
  record_cut(L, all);
}

int push_split(Call& call, const data::Split& split) {
  if (recipe_is_running(call.L)) record_split(call.L, split);
  call.push(split.train);
  call.push(split.valid);
  if (!split.test) return 2;
  call.push(*split.test);
  return 3;
}

/// songs:split 'last_album', songs:split('last_album', { leak = 'allowed' }), songs:split { hold = 0.2, by = 'album' }
Schema with_given(Schema schema) {
  for (const auto& option : schema_of<data::GivenOptions>()) {
    if (option.name != "leak") schema.push_back(option);
  }
  return schema;
}

int split_dataset(Call& call) {
  const auto& songs = call.object<Dataset>(1);
  if (call.is_text(2)) {
    if (call.text(2) == "given") {
      return push_split(call, data::given_split(songs, call.options<data::GivenOptions>(3)));
    }
    const Map options = call.map(3, "options");
    std::string leak = "refused";
    for (const auto& [name, value] : options) {
      if (name != "leak") throw ArgumentError("split: unknown option '" + name + "'" + did_you_mean(name, {"leak"}));
      leak = value.text() ? *value.text() : show(value);
    }
    return push_split(call, data::split(songs, call.text(2), leak));
  }
  return push_split(call, data::random_split(songs, call.options<data::SplitOptions>(2)));
}

/// What `for fold, train, valid in songs:folds { ... }` calls.
struct FoldLoop {
  std::vector<data::Split> folds;
  size_t next = 0;
};

int next_fold(Call& call) {
  auto& loop = call.object<FoldLoop>(1);
  if (loop.next >= loop.folds.size()) return call.push(Value());
  const auto& fold = loop.folds[loop.next++];
  call.push(loop.next);
  call.push(fold.train);
  call.push(fold.valid);
  return 3;
}

const Class<FoldLoop> fold_loop_class =
    Class<FoldLoop>("Folds", "The rounds of a cross-validation, for a loop: for fold, train, valid in songs:folds()",
                    "folds")
        .meta("__call", next_fold,
              {.summary = "The next round; every row is in `valid` in one of them.",
               .returns = "its number from 1, a Dataset to learn from, one to test on; nil after the last",
               .example = "folds()",
               .parameters = {argument("...", "value", "what a for loop passes; not read")}});

int folds_of_dataset(Call& call) {
  auto folds = data::folds(call.object<Dataset>(1), call.options<data::FoldOptions>(2));
  if (recipe_is_running(call.L)) record_folds(call.L, folds);
  return call.push(FoldLoop{std::move(folds)});
}

/// What `where` and `without` ask of a row.
using Test = std::function<bool(const Value&)>;

Test same_as(const Value& wanted) {
  return [wanted](const Value& value) { return value == wanted; };
}

/// A value, a list of them, or a function of the column's value.
Test test_at(Call& call, int i) {
  if (call.is_function(i)) {
    return [&call, i](const Value& value) {
      lua_pushvalue(call.L, i);
      push_value(call.L, value);
      lua_call(call.L, 1, 1);
      const bool kept = lua_toboolean(call.L, -1) == 1;
      lua_pop(call.L, 1);
      return kept;
    };
  }
  const Value wanted = call.is_table(i) ? Value(call.list(i, "value")) : call.value(i);
  if (!wanted.list()) return same_as(wanted);
  return [wanted](const Value& value) {
    return std::find(wanted.list()->begin(), wanted.list()->end(), value) != wanted.list()->end();
  };
}

std::vector<Value> values_of(const Dataset& songs, const std::string& column) {
  std::vector<Value> values;
  if (column == "seconds") {
    for (const double seconds : songs.seconds()) values.emplace_back(seconds);
  } else {
    for (const auto& text : songs.column(column)) values.emplace_back(text);
  }
  return values;
}

/// A misspelt artist must not pass for one without songs.
void refuse_unknown(Call& call, const std::vector<Value>& values, const std::string& column) {
  if (call.is_function(3)) return;
  const Value wanted = call.is_table(3) ? Value(call.list(3, "value")) : call.value(3);
  std::vector<std::string> names;
  for (const auto& value : values) {
    if (value.text()) names.push_back(*value.text());
  }
  const List alone{wanted};
  for (const auto& one : wanted.list() ? *wanted.list() : alone) {
    if (std::find(values.begin(), values.end(), one) != values.end()) continue;
    throw ArgumentError(call.who() + ": no row has " + column + " = " + show(one) +
                        (one.text() ? did_you_mean(*one.text(), names) : ""));
  }
}

/// songs:where('artist', 'queen'), songs:without('album', { 'Live', 'Hits' }), songs:where('seconds', function(s) ... end)
int rows_by(Call& call, bool wanted) {
  const auto& songs = call.object<Dataset>(1);
  const std::string column = call.text(2, "column");
  const auto values = values_of(songs, column);
  refuse_unknown(call, values, column);
  const Test test = test_at(call, 3);
  std::vector<bool> keeps;
  for (const auto& value : values) keeps.push_back(test(value) == wanted);
  return call.push(songs.keep(keeps, call.who()));
}

Schema test_parameters() {
  return {
      argument("column", "text", "a column of the data: 'artist', 'album', 'seconds' ..."),
      argument("value", "value", "what stands there, a list of such values, or a function of one that answers true")};
}

int map_dataset(Call& call) {
  const auto* learner = test_object<ModelPtr>(call.L, 2);
  const auto step = learner ? model::transform_step(**learner) : call.object<StepPtr>(2, "step");
  return call.push(call.object<Dataset>(1).map(step));
}

int draw_rows(Call& call) {
  call.at_most(2);
  return call.push(data::draw(call.object<Dataset>(1), call.options<data::DrawOptions>(2)));
}

/// A run whose labels mean nothing says so wherever its scores stand.
int shuffle_labels(Call& call) {
  call.at_most(2);
  const Dataset shuffled = data::shuffle_labels(call.object<Dataset>(1), call.options<data::ShuffleOptions>(2));
  if (recipe_is_running(call.L)) add_red_line(run_record(call.L), "labels are shuffled: scores must stay at chance");
  return call.push(shuffled);
}

struct TableOptions {
  long epoch = 0;
  static Schema schema() {
    return {Option{"epoch", &TableOptions::epoch, "how often the rows were drawn before, for a chain that draws",
                   kNonNegative}};
  }
};

int table_of_dataset(Call& call) {
  call.at_most(2);
  const auto options = call.options<TableOptions>(2);
  return call.push(call.object<Dataset>(1).table(static_cast<uint64_t>(options.epoch)));
}

Describe batches_words(const std::string& of) {
  return {.summary =
              "One pass over the rows as tensors, made ahead by worker threads. A chain that draws does so anew in "
              "each pass, from what is stored before its first step that draws. Order and draws depend on the seed "
              "and the epoch alone.",
          .returns = "Batches, for a loop: x of [batch, ...], y of [batch], lengths where rows were padded",
          .example = "for x, y in " + of + ":batches { batch_size = 2, shuffle = true } do print(x.shape, y) end",
          .source = "torch.utils.data.DataLoader",
          .parameters = schema_of<data::BatchOptions>()};
}

int batches_of_dataset(Call& call) {
  return batches_of(call, std::make_shared<data::TensorRows>(call.object<Dataset>(1)));
}

int batches_of_table(Call& call) { return batches_of(call, std::make_shared<data::TensorRows>(call.object<Table>(1))); }

int write_dataset(Call& call) {
  const std::string path = output_path(call.L, call.path(2));
  data::write_table(call.object<Dataset>(1).table(), path);
  return call.push(path);
}

/// songs.artist, songs.seconds: a column as a list.
int column_of_dataset(Call& call) {
  const auto& songs = call.object<Dataset>(1);
  if (!call.is_text(2)) return 0;
  if (!songs.has_column(call.text(2))) return 0;
  if (call.text(2) != "seconds") return call.push(Value(words_list(songs.column(call.text(2)))));
  const auto seconds = songs.seconds();
  return call.push(Value(List(seconds.begin(), seconds.end())));
}

/// songs.rows: a list of tables, { id = ..., path = ..., artist = ... }.
Value rows_of(const Dataset& songs) {
  List rows(songs.size(), Map{});
  for (const auto& column : songs.columns()) {
    const auto texts = songs.column(column);
    for (size_t i = 0; i < rows.size(); ++i) {
      (*rows[i].map())[column] = column == "seconds" ? Value(std::stod(texts[i])) : Value(texts[i]);
    }
  }
  return rows;
}

int rows_in_dataset(Call& call) { return call.push(call.object<Dataset>(1).size()); }

Value left_out_of(const Dataset& songs) {
  List lines;
  for (const auto& one : songs.left_out()) lines.push_back(Map{{"path", one.path}, {"reason", one.reason}});
  return lines;
}

Value classes_of(const Dataset& songs) { return words_list(songs.classes()); }
Value labels_of(const Dataset& songs) { return words_list(songs.labels()); }
Value columns_of(const Dataset& songs) { return words_list(songs.columns()); }

const char* const kWritten =
    "Writes it as .csv (id, label, then the columns), as .npz (x, columns, ids, y and groups; torch.load reads it, and "
    "what it gives can be learned from) or as .npy (the numbers, and beside it PATH.columns.txt and PATH.rows.csv). "
    "A recipe's relative paths lie in its run folder.";

const Class<Dataset> dataset_class =
    Class<Dataset>(
        "Dataset",
        "Recordings in rows with their columns, in the order of their ids, and what is to be done with them.", "songs")
        .text([](const Dataset& songs) { return data::show(songs); })
        .field("n_classes", [](const Dataset& songs) { return songs.classes().size(); },
               {.summary = "How many different labels the whole corpus has.", .returns = "an integer"})
        .field("classes", classes_of,
               {.summary =
                    "The different labels of the whole corpus, sorted by bytes; both sides of a split have the same.",
                .returns = "a list of text"})
        .field("labels", labels_of,
               {.summary = "The label of each row; empty where the corpus has none.", .returns = "a list of text"})
        .field("rows", rows_of,
               {.summary = "Every row with all its columns; reads the lengths of all files.",
                .returns = "a list of tables: id, path, track, ..., seconds in s"})
        .field("label", [](const Dataset& songs) { return Value(songs.label()); },
               {.summary = "The column that is to be predicted, such as 'artist'; '' for none.", .returns = "text"})
        .field("columns", columns_of,
               {.summary = "The names of its columns; songs.artist is one as a list.", .returns = "a list of text"})
        .field("root", [](const Dataset& songs) { return Value(songs.root()); },
               {.summary = "The folder that it was read from.", .returns = "text"})
        .field("left_out", left_out_of,
               {.summary = "Files and folders below the root that gave no row; a recipe's log.jsonl lists them too.",
                .returns = "a list of tables: path, reason"})
        .field("synthetic", [](const Dataset& songs) { return songs.synthetic(); },
               {.summary = "Whether the recordings are a made sample, which every table and figure then says.",
                .returns = "a boolean"})
        .field("leak", [](const Dataset& songs) { return Value(songs.leak()); },
               {.summary = "What leaks into the other side of a split with leak = 'allowed'; '' for nothing.",
                .returns = "text"})
        .field("hash", [](const Dataset& songs) { return Value(songs.hash()); },
               {.summary = "The sha256 of all ids and of what is in the files: which data a run saw.",
                .returns = "text of 64 hexadecimal digits"})
        .method(
            "map", map_dataset,
            {.summary = "The same rows with a step to be applied to each recording. Nothing runs before numbers are "
                        "asked for; results are kept on disk.",
             .returns = "a Dataset",
             .example = "songs:map(feature.mfcc())",
             .parameters = {argument("step", "Step",
                                     "what is done to each recording, after what was mapped before: a step, or a "
                                     "fitted transformer")}})
        .method("where", [](Call& call) { return rows_by(call, true); },
                {.summary = "The rows where a column has a value, or where a function of it answers true.",
                 .returns = "a Dataset",
                 .example = "songs:where('seconds', function(s) return s > 0 end)",
                 .parameters = test_parameters()})
        .method("without", [](Call& call) { return rows_by(call, false); },
                {.summary = "All rows but those where a column has a value, or where a function of it answers true.",
                 .returns = "a Dataset",
                 .example = "songs:without('seconds', function(s) return s > 60 end)",
                 .parameters = test_parameters()})
        .method("draw", draw_rows,
                {.summary = "Fewer rows, at random: so many of each genre, or of all.",
                 .returns = "a Dataset; what has fewer rows keeps all of them",
                 .example = "songs:draw { n = 48, per = 'artist' }",
                 .source = "pandas' DataFrameGroupBy.sample",
                 .parameters = schema_of<data::DrawOptions>()})
        .method(
            "shuffle_labels", shuffle_labels,
            {.summary = "The same rows with their labels dealt out by chance: the control of an experiment. What is "
                        "learned from them must score at chance, or something leaks.",
             .returns = "a Dataset; its columns and groups are as before",
             .example = "songs:shuffle_labels()",
             .source = "scikit-learn's permutation_test_score",
             .parameters = schema_of<data::ShuffleOptions>()})
        .method(
            "split", split_dataset,
            {.summary =
                 "Two sides or three, by name or at random by groups, and audited: an album or a recording on two "
                 "is an error, and so is an artist, unless the artist is the label.",
             .returns = "a Dataset to learn from, one to test on; of three sides, one to learn from, one to choose by, "
                        "one to test on",
             .example = "songs:split 'last_album'",
             .parameters = with_arguments(
                 {argument(
                     "name", "word",
                     "'last_album': the last of each artist tests. 'official': as the corpus says in its column split. "
                     "Both take 'leak' alone. 'given': by two lists of paths, or three; takes 'train', 'valid', "
                     "'test', "
                     "'missing' and 'leak'",
                     kPlace)},
                 with_given(schema_of<data::SplitOptions>()))})
        .method("folds", folds_of_dataset,
                {.summary = "Stratified cross-validation that keeps groups whole, audited as splits are.",
                 .returns = "Folds, for a loop: the number of the fold, a Dataset to learn from, one to test on",
                 .example = "for fold, train, valid in songs:folds { folds = 2 } do print(fold, #train, #valid) end",
                 .source = "scikit-learn's StratifiedGroupKFold",
                 .parameters = schema_of<data::FoldOptions>()})
        .method(
            "table", table_of_dataset,
            {.summary = "Describes every recording by what was mapped. Files that a step fails for are named, counted "
                        "and left out; rows that are no numbers (frames, tensors, clips) stay on disk.",
             .returns = "a Table of [rows, columns], or of items",
             .example = "songs:table { epoch = 1 }",
             .parameters = schema_of<TableOptions>()})
        .method("batches", batches_of_dataset, batches_words("songs"))
        .method("write", write_dataset,
                {.summary = kWritten,
                 .returns = "the path that was written",
                 .example = "songs:write(place .. '/songs.csv')",
                 .parameters = {argument("path", "text", "the file; its ending is the format")}})
        .index(column_of_dataset,
               {.summary = "A column by its name: id, path, track and what the layout adds; `seconds` "
                           "as numbers in s.",
                .returns = "a list",
                .example = "songs.artist"})
        .index_names([](const Dataset& songs) { return songs.columns(); })
        .meta("__len", rows_in_dataset,
              {.summary = "How many rows there are.", .returns = "an integer", .example = "#songs"});

std::string show_table(const Table& table) {
  const std::string of = " of " + (table.name.empty() ? "rows" : table.name);
  if (table.items) return "Table of " + std::to_string(table.rows()) + " items" + of;
  return "Table [" + std::to_string(table.rows()) + ", " + std::to_string(table.x->columns) + "]" + of;
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

const Class<Table> table_class =
    Class<Table>("Table", "A described dataset: a row of numbers for each recording, with ids and labels.", "table")
        .text(show_table)
        .field_with("x", numbers_of_table,
                    {.summary = "Its numbers.", .returns = "a Tensor of [rows, columns], float64"})
        .field("columns", [](const Table& table) { return Value(words_list(table.columns)); },
               {.summary = "What each column is, such as 'mfcc_03_mean'.", .returns = "a list of text"})
        .field("ids", [](const Table& table) { return Value(words_list(table.ids)); },
               {.summary = "The id of each row.", .returns = "a list of text"})
        .field("labels", [](const Table& table) { return Value(words_list(table.labels())); },
               {.summary = "The label of each row; empty where the corpus has none.", .returns = "a list of text"})
        .field("classes", [](const Table& table) { return Value(words_list(table.classes)); },
               {.summary = "The different labels of the whole corpus, sorted by bytes.", .returns = "a list of text"})
        .field("recordings", [](const Table& table) { return Value(words_list(table.recordings)); },
               {.summary = "The id of the recording that each row is all or a part of.", .returns = "a list of text"})
        .method("batches", batches_of_table, batches_words("table"))
        .method("write", write_rows,
                {.summary = kWritten,
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

int open_by_name(Call& call, const Entry& entry) {
  call.at_most(2);
  const Dataset songs = data::open_corpus(entry.name, folder_at(call, 1), call.map(2, "options"));
  if (recipe_is_running(call.L)) {
    for (const auto& one : songs.left_out()) {
      run_record(call.L).log("left out", {{"root", songs.root()}, {"path", one.path}, {"reason", one.reason}});
    }
  }
  return call.push(songs);
}

void open_corpora(ModuleTable& module) {
  for (const Entry* entry : entries("data")) {
    if (!data::is_corpus(entry->name)) continue;
    module.function(entry->name, [entry](Call& call) { return open_by_name(call, *entry); });
  }
}

int sample(Call& call) {
  call.at_most(2);
  const std::string name = call.text(1);
  const Map options = call.map(2, "options");
  data::sample_folder(name, options);  // a wrong name or option is said at once
  return call.push(Sample{name, options});
}

const Module data_module = Module("data", open_corpora).function("sample", sample);

}  // namespace
}  // namespace lumir::lua
