// Combinations of alternatives.

#include "learn/settings.h"

#include "core/error.h"
#include "model/path.h"

namespace lumir::learn {

std::vector<Map> sub_grids(const std::string& who, const std::string& option, const Value& grid) {
  const auto refuse = [&] {
    throw ArgumentError(who + ": '" + option + "' must be a table of options or a list of such tables, got " +
                        show(grid));
  };
  if (const Map* one = grid.map()) return {*one};
  std::vector<Map> grids;
  if (const List* list = grid.list()) {
    for (const auto& element : *list) {
      if (!element.map()) refuse();
      grids.push_back(*element.map());
    }
  }
  if (grids.empty()) refuse();
  return grids;
}

List alternatives_of(const std::string& who, const std::string& key, const Value& value) {
  const List* list = value.list();
  const bool empty = (list && list->empty()) || (value.map() && value.map()->empty());
  if (empty) throw ArgumentError(who + ": '" + key + "' has no alternatives");
  return list ? *list : List{value};
}

std::vector<Map> settings_of_grid(const std::string& who, const Value& grid) {
  std::vector<Map> all;
  for (const Map& one : sub_grids(who, "grid", grid)) {
    std::vector<Map> settings = {{}};
    for (const auto& [key, value] : one) {
      std::vector<Map> more;
      for (const auto& setting : settings) {
        for (const auto& alternative : alternatives_of(who, key, value)) {
          more.push_back(setting);
          more.back()[key] = alternative;
        }
      }
      settings = std::move(more);
    }
    all.insert(all.end(), settings.begin(), settings.end());
  }
  return all;
}

Value described_under(const std::string& who, const model::Estimator& root, const Map& setting) {
  Value description = root.description();
  std::vector<std::pair<model::Address, std::string>> taken;
  for (const auto& [key, value] : setting) {
    const model::Address address = model::find_option(root, key, who);
    for (const auto& [other, other_key] : taken) {
      if (other == address) {
        throw ArgumentError(who + ": '" + other_key + "' and '" + key + "' mean the same option");
      }
    }
    taken.emplace_back(address, key);
    model::set_option(description, root, address, value);
  }
  return description;
}

}  // namespace lumir::learn
