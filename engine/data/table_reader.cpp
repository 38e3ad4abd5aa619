// Kinds of tables by name, and how rows of words and rows of numbers become one table.

#include "data/table_reader.h"

#include <map>
#include <numeric>

#include "core/error.h"
#include "data/labels.h"
#include "data/words.h"

namespace lumir::data {
namespace {

std::map<std::string, TableReader>& readers() {
  static std::map<std::string, TableReader> all;
  return all;
}

}  // namespace

void register_table(const Entry& entry, TableReader reader) { readers()[entry.name] = std::move(reader); }

bool is_table_format(const std::string& name) { return readers().contains(name); }

Table open_table(const std::string& name, const std::string& path, const Map& options) {
  if (const auto found = readers().find(name); found != readers().end()) return found->second(path, options);
  std::vector<std::string> names;
  for (const auto& [known, reader] : readers()) names.push_back(known);
  throw ArgumentError("data: no kind of table is called '" + name + "'" + did_you_mean(name, names));
}

Table table_of(Corpus rows, SharedMatrix numbers, std::vector<std::string> columns) {
  if (const std::string name = first_repeated(columns); !name.empty()) {
    throw Error(rows.root + ": more than one column is called '" + name + "'");
  }
  rows.has_sound = false;
  const auto songs = std::make_shared<const Dataset>(make_dataset(std::move(rows)));
  Table table;
  table.x = std::move(numbers);
  table.columns = std::move(columns);
  table.ids = table.recordings = songs->column("id");
  table.set_labels(*songs);
  table.name = songs->name();
  table.synthetic = songs->synthetic();
  for (const auto& column : songs->columns()) {
    if (column != "id") table.levels[column] = songs->groups(column);
  }
  // rows that nothing joins are groups of one, which folds deal one by one
  if (const std::string group = songs->default_group(); table.levels.contains(group)) {
    table.group = group;
    table.groups = table.levels.at(group);
  }
  table.songs = songs;
  table.song.resize(songs->size());
  std::iota(table.song.begin(), table.song.end(), 0);
  return table;
}

}  // namespace lumir::data
