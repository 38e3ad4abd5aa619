// See table_rows.h.

#include "data/table_rows.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/error.h"
#include "core/text.h"
#include "data/table_reader.h"

namespace lumir::data {
namespace {

/// Makes the recordings behind a table those of its rows, where some were left out.
void follow_rows(Table& table, const std::string& who) {
  std::vector<bool> used(table.songs->size());
  for (const int song : table.song) used[static_cast<size_t>(song)] = true;
  if (std::find(used.begin(), used.end(), false) == used.end()) return;
  std::vector<int> place(used.size());
  for (size_t i = 0, n = 0; i < used.size(); ++i) {
    if (used[i]) place[i] = static_cast<int>(n++);
  }
  table.songs = std::make_shared<const Dataset>(table.songs->keep(used, who));
  for (int& song : table.song) song = place[static_cast<size_t>(song)];
}

/// The table with a recording of its own behind each row, of its id and label and of these groups by level.
Table with_songs_of_rows(Table table, const std::map<std::string, std::vector<std::string>>& levels) {
  Corpus corpus;
  corpus.name = table.name.empty() ? "table" : table.name;
  corpus.root = corpus.name;
  corpus.unit = "rows";
  corpus.synthetic = table.synthetic;
  corpus.columns = {"id"};
  for (size_t row = 0; row < table.rows(); ++row) {
    corpus.rows.push_back({table.ids.empty() ? std::to_string(row + 1) : table.ids[row]});
  }
  const auto add = [&](const std::string& name, const std::vector<std::string>& words) {
    corpus.columns.push_back(name);
    if (name != "track") corpus.levels.push_back({name, {name}});  // every dataset knows its tracks
    for (size_t row = 0; row < words.size(); ++row) corpus.rows[row].push_back(words[row]);
    return name;
  };
  if (table.has_labels()) {
    corpus.label = add(table.label.empty() ? "label" : table.label, table.labels());
    corpus.label_kind.target = table.target;
    if (table.target != Target::classes) corpus.label_kind.names = table.classes;
  }
  for (const auto& [name, words] : levels) {
    add(name, words);
    if (levels.size() == 1 || name == table.group) corpus.group = name;
  }
  Table made = table_of(std::move(corpus), {}, {});
  table.songs = made.songs;
  table.song = std::move(made.song);
  table.levels = std::move(made.levels);
  if (table.ids.empty()) table.ids = made.ids;
  if (table.recordings.empty()) table.recordings = made.ids;
  table.label = made.label;
  table.group = made.group;
  return table;
}

}  // namespace

Table keep_rows(const Table& table, const std::vector<int>& rows, const std::string& who) {
  if (rows.empty()) throw ArgumentError(who + ": leaves no row of " + (table.name.empty() ? "the table" : table.name));
  Table kept = table.take(rows);
  const bool is_side = table.songs && table.songs->is_side();
  if (kept.songs) follow_rows(kept, who);
  if (!is_side && !kept.y.empty()) kept.set_labels(kept.labels());
  return kept;
}

Table with_recordings(Table table) {
  if (table.songs || table.items) return table;
  std::map<std::string, std::vector<std::string>> levels;
  if (!table.groups.empty()) levels[table.group.empty() ? "group" : table.group] = table.groups;
  return with_songs_of_rows(std::move(table), levels);
}

Table row_by_row(Table table, const std::string& who) {
  if (table.recordings.empty()) throw ArgumentError(who + ": nothing is known of the recordings of these rows");
  std::map<std::string, std::vector<std::string>> levels = table.levels;
  levels.erase(table.label);
  levels.emplace("track", table.recordings);
  if (!levels.contains(table.group)) {
    table.group = "track";
    table.groups = levels["track"];
  }
  return with_songs_of_rows(std::move(table), levels);
}

Table rows_on(const Table& table, const Dataset& side) {
  std::map<int, int> place;  // of a row of the corpus on this side
  for (size_t i = 0; i < side.corpus_rows().size(); ++i) place[side.corpus_rows()[i]] = static_cast<int>(i);
  std::vector<int> rows, songs;
  for (size_t row = 0; row < table.rows(); ++row) {
    const int of = table.songs->corpus_rows()[static_cast<size_t>(table.song[row])];
    const auto found = place.find(of);
    if (found == place.end()) continue;
    rows.push_back(static_cast<int>(row));
    songs.push_back(found->second);
  }
  Table part = table.take(rows);
  part.songs = std::make_shared<const Dataset>(side);
  part.song = std::move(songs);
  part.leak = side.leak();
  return part;
}

std::vector<size_t> columns_called(const Table& table, const std::vector<std::string>& names, const std::string& who) {
  std::vector<size_t> places;
  for (const auto& name : names) {
    bool found = false;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (!matches(name, table.columns[i])) continue;
      found = true;
      if (std::find(places.begin(), places.end(), i) == places.end()) places.push_back(i);
    }
    if (!found) throw ArgumentError(who + ": no column is called '" + name + "'" + did_you_mean(name, table.columns));
  }
  return places;
}

Table take_columns(const Table& table, std::span<const size_t> places) {
  Table out = table;
  Matrix numbers(table.rows(), places.size());
  out.columns.clear();
  for (const size_t place : places) out.columns.push_back(table.columns[place]);
  for (size_t row = 0; row < numbers.rows; ++row) {
    const auto from = table.x->row(row);
    const auto to = numbers.row(row);
    for (size_t i = 0; i < places.size(); ++i) to[i] = from[places[i]];
  }
  out.x = std::move(numbers);
  out.chain = nullptr;  // what described the rows gives other columns
  return out;
}

}  // namespace lumir::data
