// Renames first, then what is missing and what is one too many.

#include "nn/load.h"

namespace lumir::nn {
namespace {

constexpr const char* kBatches = "num_batches_tracked";

/// How much of `name` a key of the renames stands for; -1 for nothing.
long reach_of(const std::string& key, const std::string& name) {
  const bool prefix = key.empty() || key.ends_with('.');
  return (prefix ? name.starts_with(key) : name == key) ? static_cast<long>(key.size()) : -1;
}

/// Under its new name; "" for what is left out.
std::string renamed(const std::string& name, const Map& renames) {
  const std::string* found = nullptr;
  const Value* to = nullptr;
  for (const auto& [key, value] : renames) {
    if (reach_of(key, name) < 0 || (found && found->size() > key.size())) continue;
    found = &key;
    to = &value;
  }
  if (!found) return name;
  return to->text() ? *to->text() + name.substr(found->size()) : "";
}

Map renames_of(const Value& rename, const std::string& who) {
  if (rename.is_nil()) return {};
  const bool none = rename.list() && rename.list()->empty();
  if (!rename.map() && !none) throw ArgumentError(who + ": 'rename' must be a table, got " + show(rename));
  const Map renames = none ? Map{} : *rename.map();
  for (const auto& [key, value] : renames) {
    if (value.text() || (value.boolean() && !*value.boolean())) continue;
    throw ArgumentError(who + ": 'rename' of '" + key + "' must be text or false, got " + show(value));
  }
  return renames;
}

State rename_all(State state, const Value& rename, const std::string& who) {
  const Map renames = renames_of(rename, who);
  if (renames.empty()) return state;
  State named;
  std::map<std::string, std::string> before;
  for (auto& [name, array] : state) {
    const std::string to = renamed(name, renames);
    if (to.empty()) continue;
    const auto [other, fresh] = before.emplace(to, name);
    if (!fresh) {
      throw ArgumentError(who + ": 'rename' calls both '" + other->second + "' and '" + name + "' '" + to + "'");
    }
    named[to] = std::move(array);
  }
  return named;
}

}  // namespace

Schema LoadOptions::schema() {
  return {Option{"strict", &LoadOptions::strict,
                 "whether what is missing or one too many is an error; another shape always is"},
          Option{"rename", &LoadOptions::rename,
                 "what names of the state become, { ['fc.'] = 'head.' }: a whole name, or where it ends in '.' what "
                 "names begin with ('' for all); false leaves out; the longest that fits counts",
                 Kind{"table"}}};
}

Misfit load(Module& module, State state, const LoadOptions& options, const std::string& who) {
  state = rename_all(std::move(state), options.rename, who);
  const State own = module.state();
  for (const auto& [name, array] : own) {
    if (name == kBatches || name.ends_with(std::string(".") + kBatches)) state.emplace(name, array);
  }
  Misfit left;
  if (!options.strict) {
    std::vector<std::string> names;
    for (const auto& slot : named_slots_of(module)) {
      if (slot.persistent) names.push_back(slot.name);
    }
    left = compared(names, state);
    for (const auto& name : left.missing) {
      if (const auto array = own.find(name); array != own.end()) state.insert(*array);
    }
    for (const auto& name : left.unexpected) state.erase(name);
  }
  module.load_state(state, who);
  return left;
}

}  // namespace lumir::nn
