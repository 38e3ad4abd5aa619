// How datasets and tables are split, and how their rows are chosen. See data.h.

#include "api/data.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <unistd.h>

#include "api/batches.h"
#include "api/run.h"
#include "core/terminal.h"
#include "data/given.h"

namespace lumir::lua {
namespace {

/// What run.json says of the data; the first dataset of a run is the one that the run is about.
void record_data(report::RunRecord& record, const data::Dataset& songs) {
  record.set("data", Map{{"corpus", songs.name()},
                         {"root", songs.root()},
                         {"count", songs.size()},
                         {"classes", words_list(songs.classes())},
                         {"synthetic", songs.synthetic()},
                         {"sha256", songs.hash()}});
}

bool shows_colour() { return isatty(STDOUT_FILENO) == 1; }

/// The scores at the head of a report are not those of a later split.
std::string of_later_split(std::string line) {
  const std::string mark = "LEAK: ";
  if (const size_t at = line.find(mark); at != std::string::npos) line.replace(at, mark.size(), "LEAK, later split: ");
  return line;
}

/// Digits left out, such as how many recordings are on both sides.
std::string without_digits(std::string line) {
  std::erase_if(line, [](char c) { return c >= '0' && c <= '9'; });
  return line;
}

/// Whether the run's red line says the same already, of a later split that leaks as that one does.
bool is_said(const report::RunRecord& record, const std::string& line) {
  const Value known = record.value()["leak"];
  return known.text() && without_digits(*known.text()).find(without_digits(line)) != std::string::npos;
}

/// The first split of a run is the one that its scores are about: it is shown, recorded and written as lists. A later
/// one (part of train set aside to watch a network) is recorded beside it; a leak is always shown. Says whether this
/// is the first.
bool record_cut(lua_State* L, const data::Split& split) {
  const bool is_first = !std::exchange(session_of(L).has_cut, true);
  auto& record = run_record(L);
  if (is_first) record_data(record, split.whole);
  if (is_first || !split.audit.clean()) std::puts(for_terminal(data::show(split, shows_colour())).c_str());
  std::fflush(stdout);
  const std::string leak = is_first ? split.audit_line() : of_later_split(split.audit_line());
  if (!split.audit.clean() && !is_said(record, leak)) add_red_line(record, leak);
  Map said{{"rule", split.rule},
           {"audit", split.audit_line()},
           {"train", split.train.size()},
           {"validation", split.valid.size()}};
  if (split.test) said["test"] = split.test->size();
  record.set(is_first ? "split" : "inner_split", said);
  record.write();
  const std::string where = is_first ? "split" : "later split";
  for (const auto& pair : split.compared) {
    const std::string sides = ": " + data::name_of(pair.learns) + " and " + data::name_of(pair.tests);
    record_leaks(L, where + (pair.alone ? "" : sides), pair.audit);
  }
  return is_first;
}

/// The options of all kinds of split.
Schema with_given(Schema schema) {
  for (const auto& option : schema_of<data::GivenOptions>()) {
    if (option.name != "leak") schema.push_back(option);
  }
  return schema;
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

}  // namespace

List words_list(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

data::Split split_at(Call& call, const data::Dataset& songs) {
  if (!call.is_text(2)) return data::random_split(songs, call.options<data::SplitOptions>(2));
  const std::string name = call.text(2);
  if (name == "given") return data::given_split(songs, call.options<data::GivenOptions>(3));
  if (name == "random") {
    throw ArgumentError("split: one at random has no name: songs:split { hold = 0.2 }");
  }
  std::string leak = "refused";
  for (const auto& [key, value] : call.map(3, "options")) {
    if (key != "leak") {
      throw ArgumentError("split: unknown option '" + key + "'" + did_you_mean(key, {"leak"}) + "; '" + name +
                          "' takes 'leak' alone");
    }
    leak = value.text() ? *value.text() : show(value);
  }
  return data::split(songs, name, leak);
}

void note_split(lua_State* L, const data::Split& split) {
  if (!recipe_is_running(L)) return;
  if (record_cut(L, split)) data::write_split(run_record(L).folder(), split);
}

std::string folds_text(const std::vector<data::Split>& folds) {
  const size_t rows = folds.empty() ? 0 : folds.front().whole.size();
  return std::to_string(folds.size()) + " folds of " + std::to_string(rows) + " rows";
}

/// All folds are one cut; the first that leaks speaks for them.
void note_folds(lua_State* L, const std::vector<data::Split>& folds) {
  if (!recipe_is_running(L)) return;
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

Describe split_words(const std::string& kind, const std::string& variable) {
  return {
      .summary =
          "Two sides or three, by name or at random by groups, and audited: an album or a recording on two "
          "is an error, and so is an artist, unless the artist is the label.",
      .returns = "a " + kind +
                 " to learn from, one to test on; of three sides, one to learn from, one to choose by, one to test on",
      .example =
          kind == "Dataset" ? variable + ":split 'last_album'" : variable + ":split { hold = 0.5, by = 'album' }",
      .parameters = with_arguments(
          {argument("name", "word",
                    "'last_album': the last of each artist tests. 'official': as the corpus says in its column split. "
                    "Both take 'leak' alone. 'given': by two lists of paths, or three; takes 'train', 'valid', "
                    "'test', 'lists', 'missing' and 'leak'",
                    kPlace)},
          with_given(schema_of<data::SplitOptions>()))};
}

std::vector<bool> rows_where(Call& call, const std::vector<Value>& values, bool wanted) {
  refuse_unknown(call, values, call.text(2, "column"));
  const Test test = test_at(call, 3);
  std::vector<bool> keeps;
  for (const auto& value : values) keeps.push_back(test(value) == wanted);
  return keeps;
}

Schema where_parameters() {
  return {
      argument("column", "text", "a column of the data: 'artist', 'album', 'seconds' ..."),
      argument("value", "value", "what stands there, a list of such values, or a function of one that answers true")};
}

const char* const kWrittenTable =
    "Writes it as .csv (id, label, then the columns), as .npz (x, columns, ids, y and groups; torch.load reads it, and "
    "what it gives can be learned from) or as .npy (the numbers, and beside it PATH.columns.txt and PATH.rows.csv). "
    "A recipe's relative paths lie in its run folder.";

Describe batches_words(const std::string& variable) {
  return {.summary =
              "One pass over the rows as tensors, made ahead by worker threads. A chain that draws does so anew in "
              "each pass, from what is stored before its first step that draws. Order and draws depend on the seed "
              "and the epoch alone.",
          .returns = "Batches, for a loop: x of [batch, ...], y of [batch], lengths where rows were padded",
          .example = "for x, y in " + variable + ":batches { batch_size = 2, shuffle = true } do print(x.shape, y) end",
          .source = "torch.utils.data.DataLoader",
          .parameters = schema_of<data::BatchOptions>()};
}

}  // namespace lumir::lua
