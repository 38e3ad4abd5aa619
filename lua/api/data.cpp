// lumir.data: corpora by name, datasets and what is done with them.

#include <algorithm>
#include <cstdio>
#include <utility>

#include <unistd.h>

#include "api/batches.h"
#include "api/data.h"
#include "api/labels.h"
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
#include "data/table_reader.h"
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
        .text([](const FoldLoop& loop) { return folds_text(loop.folds); })
        .meta("__call", next_fold,
              {.summary = "The next round; every row is in `valid` in one of them.",
               .returns = "its number from 1, a Dataset to learn from, one to test on; nil after the last",
               .example = "folds()",
               .parameters = {argument("...", "value", "what a for loop passes; not read")}});

int split_dataset(Call& call) {
  const data::Split split = split_at(call, call.object<Dataset>(1));
  note_split(call.L, split);
  call.push(split.train);
  call.push(split.valid);
  if (!split.test) return 2;
  call.push(*split.test);
  return 3;
}

int folds_of_dataset(Call& call) {
  auto folds = data::folds(call.object<Dataset>(1), call.options<data::FoldOptions>(2));
  note_folds(call.L, folds);
  return call.push(FoldLoop{std::move(folds)});
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

/// songs:where('artist', 'queen'), songs:without('album', { 'Live', 'Hits' }), songs:where('seconds', function(s) ... end)
int rows_by(Call& call, bool wanted) {
  const auto& songs = call.object<Dataset>(1);
  const std::string column = call.text(2, "column");
  return call.push(songs.keep(rows_where(call, values_of(songs, column), wanted), call.who()));
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

int batches_of_dataset(Call& call) {
  return batches_of(call, std::make_shared<data::TensorRows>(call.object<Dataset>(1)));
}

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
Value columns_of(const Dataset& songs) { return words_list(songs.columns()); }

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
        .field("labels", [](const Dataset& songs) { return labels_of(songs); },
               {.summary = "The label of each row, or its tags, or its number; empty where the corpus has none.",
                .returns = "a list of text, of lists of text or of numbers"})
        .field("target", [](const Dataset& songs) { return Value(name_of(songs.target())); },
               {.summary = "What is to be foretold: 'classes', 'tags', 'numbers', 'none'.", .returns = "text"})
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
                 .parameters = where_parameters()})
        .method("without", [](Call& call) { return rows_by(call, false); },
                {.summary = "All rows but those where a column has a value, or where a function of it answers true.",
                 .returns = "a Dataset",
                 .example = "songs:without('seconds', function(s) return s > 60 end)",
                 .parameters = where_parameters()})
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
        .method("split", split_dataset, split_words("Dataset", "songs"))
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
                {.summary = kWrittenTable,
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

/// Where a table stands; what this run has written is found by the relative path that it was written to. A sample of the
/// sound stands for the sample of its tables: data.fma_features takes data.sample 'fma', too.
std::string tables_at(Call& call, const std::string& reader) {
  if (const auto* sample = test_object<Sample>(call.L, 1)) {
    const bool of_sound = reader.starts_with(sample->name + "_") && data::is_sample_name(reader);
    if (of_sound) return path_of({reader, sample->options});
  }
  return input_path(call.L, folder_at(call, 1));
}

int open_table_by_name(Call& call, const Entry& entry) {
  call.at_most(2);
  return call.push(data::open_table(entry.name, tables_at(call, entry.name), call.map(2, "options")));
}

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
    if (data::is_corpus(entry->name)) {
      module.function(entry->name, [entry](Call& call) { return open_by_name(call, *entry); });
    } else if (data::is_table_format(entry->name)) {
      module.function(entry->name, [entry](Call& call) { return open_table_by_name(call, *entry); });
    }
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

std::string folder_at(Call& call, int i) {
  if (call.is<Sample>(i)) return path_of(call.object<Sample>(i));
  return call.path(i, "root");
}

}  // namespace lumir::lua
