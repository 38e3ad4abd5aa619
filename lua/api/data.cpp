// lumir.data: corpora by name, datasets and what is done with them.

#include <algorithm>
#include <cstdio>
#include <utility>

#include <unistd.h>

#include "api/run.h"
#include "bind/run.h"
#include "bind/step.h"
#include "data/corpus.h"
#include "data/dataset.h"
#include "data/sample.h"
#include "data/split.h"
#include "data/table.h"

namespace lumir::lua {
namespace {

using data::Dataset;
using data::Table;

/// `data.sample 'artist20'`: a promise of a folder; nothing is made until its path is asked for.
struct Sample {
  std::string name;
  Map options;
};

std::string path_of(const Sample& sample) {
  return data::sample_corpus(sample.name, read_options<data::SampleOptions>(sample.options, "sample"));
}

const Class<Sample> sample_class =
    Class<Sample>("Sample")
        .text([](const Sample& sample) { return "data.sample '" + sample.name + "'"; })
        .as_value([](const Sample& sample) { return Value("data.sample '" + sample.name + "'"); })
        .field("path", [](const Sample& sample) { return Value(path_of(sample)); });

std::string folder_at(Call& call, int i) {
  if (call.is<Sample>(i)) return path_of(call.object<Sample>(i));
  return call.text(i, "root");
}

List words_list(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

/// What run.json says of the data; the first dataset of a run is the one that the run is about.
void record_data(const Dataset& songs) {
  run_record().set("data", Map{{"corpus", songs.name()},
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
bool record_cut(const data::Split& split) {
  static bool is_first = true;
  if (is_first) record_data(split.whole);
  if (is_first || !split.audit.clean()) std::puts(data::show(split, shows_colour()).c_str());
  std::fflush(stdout);
  if (!split.audit.clean()) run_record().set("leak", split.audit.line());
  run_record().set(is_first ? "split" : "inner_split", Map{{"rule", split.rule},
                                                           {"audit", split.audit.line()},
                                                           {"train", split.train.size()},
                                                           {"validation", split.valid.size()}});
  run_record().write();
  return std::exchange(is_first, false);
}

void record_split(const data::Split& split) {
  if (record_cut(split)) data::write_split(run_record().folder(), split.train, split.valid);
}

/// All folds are one cut; the first that leaks speaks for them.
void record_folds(const std::vector<data::Split>& folds) {
  const auto leaks = [](const data::Split& fold) { return !fold.audit.clean(); };
  const auto found = std::find_if(folds.begin(), folds.end(), leaks);
  data::Split all = found == folds.end() ? folds.front() : *found;
  all.rule = "validation: each of " + std::to_string(folds.size()) + " folds in turn";
  record_cut(all);
}

int push_split(Call& call, const data::Split& split) {
  if (recipe_is_running()) record_split(split);
  call.push(split.train);
  call.push(split.valid);
  return 2;
}

/// songs:split 'last_album', songs:split('last_album', { leak = 'allowed' }), songs:split { hold = 0.2, by = 'album' }
int split_dataset(Call& call) {
  const auto& songs = call.object<Dataset>(1);
  if (call.is_text(2)) {
    const Map options = call.map(3, "options");
    std::string leak = "refused";
    for (const auto& [name, value] : options) {
      if (name != "leak") throw ArgumentError("split: unknown option '" + name + "'" + did_you_mean(name, {"leak"}));
      leak = value.text() ? *value.text() : show(value);
    }
    return push_split(call, data::split(songs, call.text(2), leak));
  }
  call.at_most(2);
  return push_split(call, data::random_split(songs, call.options<data::SplitOptions>(2)));
}

/// What `for fold, train, valid in songs:folds { ... }` calls.
struct FoldLoop {
  std::vector<data::Split> folds;
  size_t next = 0;
};

const Class<FoldLoop> fold_loop_class = Class<FoldLoop>("Folds").meta("__call", [](Call& call) {
  auto& loop = call.object<FoldLoop>(1);
  if (loop.next >= loop.folds.size()) return call.push(Value());
  const auto& fold = loop.folds[loop.next++];
  call.push(loop.next);
  call.push(fold.train);
  call.push(fold.valid);
  return 3;
});

int folds_of_dataset(Call& call) {
  call.at_most(2);
  auto folds = data::folds(call.object<Dataset>(1), call.options<data::FoldOptions>(2));
  if (recipe_is_running()) record_folds(folds);
  return call.push(FoldLoop{std::move(folds)});
}

int map_dataset(Call& call) {
  const auto step = call.object<StepPtr>(2, "step");
  return call.push(call.object<Dataset>(1).map(step));
}

int write_dataset(Call& call) {
  const std::string path = output_path(call.text(2, "path"));
  data::write_table(call.object<Dataset>(1).table(), path);
  return call.push(path);
}

/// songs.artist, songs.seconds: a column as a list.
int column_of_dataset(Call& call) {
  const auto& songs = call.object<Dataset>(1);
  if (!call.is_text(2)) return 0;
  if (!songs.has_column(call.text(2))) {
    const std::string hint = did_you_mean(call.text(2), songs.columns());
    if (hint.empty()) return 0;
    throw ArgumentError("Dataset: has no '" + call.text(2) + "'" + hint);
  }
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

const Class<Dataset> dataset_class =
    Class<Dataset>("Dataset")
        .text([](const Dataset& songs) { return data::show(songs); })
        .field("n_classes", [](const Dataset& songs) { return songs.classes().size(); })
        .field("classes", [](const Dataset& songs) { return Value(words_list(songs.classes())); })
        .field("labels", [](const Dataset& songs) { return Value(words_list(songs.labels())); })
        .field("rows", rows_of)
        .field("label", [](const Dataset& songs) { return Value(songs.label()); })
        .field("columns", [](const Dataset& songs) { return Value(words_list(songs.columns())); })
        .field("root", [](const Dataset& songs) { return Value(songs.root()); })
        .field("synthetic", [](const Dataset& songs) { return songs.synthetic(); })
        .field("leak", [](const Dataset& songs) { return Value(songs.leak()); })
        .field("hash", [](const Dataset& songs) { return Value(songs.hash()); })
        .method("map", map_dataset)
        .method("split", split_dataset)
        .method("folds", folds_of_dataset)
        .method("table", [](Call& call) { return call.push(call.object<Dataset>(1).table()); })
        .method("write", write_dataset)
        .index(column_of_dataset)
        .meta("__len", [](Call& call) { return call.push(call.object<Dataset>(1).size()); });

std::string show_table(const Table& table) {
  return "Table [" + std::to_string(table.rows()) + ", " + std::to_string(table.x.columns) + "] of " +
         (table.name.empty() ? "rows" : table.name);
}

int write_rows(Call& call) {
  const std::string path = output_path(call.text(2, "path"));
  data::write_table(call.object<Table>(1), path);
  return call.push(path);
}

const Class<Table> table_class =
    Class<Table>("Table")
        .text(show_table)
        .field_with("x",
                    [](Call& call) {
                      push_any(call.L, call.object<Table>(1).x);
                      return 1;
                    })
        .field("columns", [](const Table& table) { return Value(words_list(table.columns)); })
        .field("ids", [](const Table& table) { return Value(words_list(table.ids)); })
        .field("labels", [](const Table& table) { return Value(words_list(table.labels())); })
        .field("classes", [](const Table& table) { return Value(words_list(table.classes)); })
        .method("write", write_rows)
        .meta("__len", [](Call& call) { return call.push(call.object<Table>(1).rows()); });

int open_by_name(Call& call, const Entry& entry) {
  call.at_most(2);
  return call.push(data::open_corpus(entry.name, folder_at(call, 1), call.map(2, "options")));
}

const Module data_module("data", [](ModuleTable& module) {
  for (const Entry* entry : entries("data")) {
    if (!data::is_corpus(entry->name)) continue;
    module.function(entry->name, [entry](Call& call) { return open_by_name(call, *entry); });
  }
  module.function("sample", [](Call& call) {
    call.at_most(2);
    const std::string name = call.text(1, "name");
    data::sample_folder(name, call.options<data::SampleOptions>(2));  // a wrong name or option is said at once
    return call.push(Sample{name, call.map(2, "options")});
  });
});

}  // namespace
}  // namespace lumir::lua
