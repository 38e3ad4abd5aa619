// Positional arguments, array parts and word keys.

#include "bind/arguments.h"
#include "bind/text.h"

#include <algorithm>

namespace lumir::lua {
namespace {

bool has_array_part(lua_State* L, int index) {
  bool found = false;
  for (lua_pushnil(L); !found && lua_next(L, index); lua_pop(L, 1)) found = lua_type(L, -2) == LUA_TNUMBER;
  if (found) lua_pop(L, 1);
  return found;
}

/// The array part as the listed option, the word keys beside it as the others.
Map listed_options(Call& call, int i, const Entry& entry, const Parameter& listed) {
  Map options;
  lua_newtable(call.L);
  const int copy = lua_gettop(call.L);
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) == LUA_TSTRING) {
      options[text_at(call.L, -2)] = to_value(call.L, lua_gettop(call.L), entry.name);
    } else {
      lua_pushvalue(call.L, -2);
      lua_pushvalue(call.L, -2);
      lua_rawset(call.L, copy);
    }
  }
  if (options.contains(listed.name)) throw ArgumentError(entry.name + ": '" + listed.name + "' is given twice");
  options[listed.name] = to_value(call.L, copy, entry.name);
  lua_pop(call.L, 1);
  return options;
}

bool is_empty(lua_State* L, int index) {
  lua_pushnil(L);
  if (!lua_next(L, index)) return true;
  lua_pop(L, 2);
  return false;
}

/// True where the argument at `i` is the table of options and not an argument that happens to be a table: the last one,
/// with word keys, in a place whose parameter takes no such table.
bool is_options_table(Call& call, int i, const Parameter& parameter) {
  if (i != call.count() || !call.is_table(i) || has_array_part(call.L, i)) return false;
  const std::string& type = parameter.type;
  if (is_empty(call.L, i) && (type.starts_with("list") || type.starts_with("steps"))) return false;
  static const std::vector<std::string> shapeless{"grid", "table", "value"};
  return std::find(shapeless.begin(), shapeless.end(), type) == shapeless.end();
}

void check_integer(const Call& call, int i, const Parameter& parameter) {
  static constexpr double kExact = 9007199254740992;  // 2^53: what a number holds exactly
  const auto limit = [](const Bound& bound) { return static_cast<long>(std::clamp(bound.number, -kExact, kExact)); };
  call.integer(i, parameter.name.c_str(), limit(parameter.range.low), limit(parameter.range.high));
}

/// What kind of thing an argument is, if that is a plain one; the function itself knows of the others.
void check_kind(const Call& call, int i, const Parameter& parameter) {
  const char* name = parameter.name.c_str();
  const std::string& type = parameter.type;
  if (type == "number") call.number(i, name);
  if (type == "integer") check_integer(call, i, parameter);
  if (type == "boolean") call.boolean(i, name);
  if (type == "text") call.text(i, name);
  if (type == "word") detail::check_choice(call.who(), parameter, call.text(i, name));
  if (type == "function" && !call.is_function(i)) call.wrong(i, name, "a function");
  if (call.is_table(i)) list_length(call.L, i, call.who(), "'" + parameter.name + "'");
}

/// Behind an error about too many arguments: where the others belong.
std::string place_of_others(const Entry& entry) {
  if (listed(entry.parameters)) return "; a list stands in braces: " + entry.name + " { ... }";
  std::string names;
  int said = 0;
  for (const auto& parameter : entry.parameters) {
    if (!parameter.place.positional && ++said <= 2) names += (said == 1 ? "" : ", ") + parameter.name + " = ...";
  }
  return said == 0 ? "" : "; options stand in a table: { " + names + " }";
}

/// Behind the arguments by place there is room for one table.
void refuse_rest(const Call& call, int places, const Entry& entry) {
  const int most = places + 1;
  const bool other =
      call.count() == most && !call.is_table(most) && !call.is_nil(most) && !(call.is_text(most) && takes_name(entry));
  if (call.count() <= most && !other) return;
  if (places == 0) {
    const std::string got = call.count() == 1 ? kind_at(call.L, 1) : std::to_string(call.count()) + " arguments";
    throw ArgumentError(entry.name + ": takes one table, got " + got + place_of_others(entry));
  }
  throw ArgumentError(entry.name + ": takes at most " + std::to_string(places) +
                      (places == 1 ? " argument" : " arguments") + " by place, got " + std::to_string(call.count()) +
                      place_of_others(entry));
}

}  // namespace

bool takes_name(const Entry& entry) {
  const Parameter* array_part = listed(entry.parameters);
  return array_part && array_part->type == "steps or name";
}

Map table_options(Call& call, int i, const Entry& entry) {
  if (call.missing(i)) return {};
  if (call.is_nil(i)) {
    throw ArgumentError(entry.name + ": got nil; a misspelt name? (call it with nothing for its defaults)");
  }
  const Parameter* array_part = listed(entry.parameters);
  if (call.is_text(i) && takes_name(entry)) return {{array_part->name, call.text(i)}};
  if (array_part && call.is_table(i) && has_array_part(call.L, i)) return listed_options(call, i, entry, *array_part);
  return call.map(i, "options");
}

Map call_options(Call& call, const Entry& entry) {
  const auto places = positional(entry.parameters);
  const bool one_table = call.count() == 1 && (call.is_table(1) || call.is_nil(1));
  if (places.empty() || (one_table && (call.is_nil(1) || is_options_table(call, 1, *places[0])))) {
    refuse_rest(call, 0, entry);
    return table_options(call, 1, entry);
  }
  int given = 0;
  while (given < call.count() && given < static_cast<int>(places.size()) &&
         !is_options_table(call, given + 1, *places[static_cast<size_t>(given)])) {
    ++given;
  }
  refuse_rest(call, given, entry);
  Map options = table_options(call, given + 1, entry);
  for (int i = 1; i <= given; ++i) {
    const std::string& name = places[static_cast<size_t>(i) - 1]->name;
    if (call.is_nil(i)) throw ArgumentError(entry.name + ": '" + name + "' is nil; a misspelt name?");
    if (options.contains(name)) throw ArgumentError(entry.name + ": '" + name + "' is given twice");
    options[name] = call.value(i);
  }
  return options;
}

void refuse_module(const Call& call, const Entry& entry) {
  if (!call.is_table(1) || !lua_getmetatable(call.L, 1)) return;
  lua_pushliteral(call.L, "__name");
  lua_rawget(call.L, -2);
  const bool module = lua_type(call.L, -1) == LUA_TSTRING && entry.module == lua_tostring(call.L, -1);
  lua_pop(call.L, 2);
  if (module) {
    throw ArgumentError(entry.name + ": a module's functions take a dot, not a colon: " + entry.full_name() + "(...)");
  }
}

void check_arguments(Call& call, const Entry& entry, int first) {
  int i = first;
  for (const auto& parameter : entry.parameters) {
    if (parameter.name == "...") return;
    if (!parameter.place.positional) continue;
    const bool left_out = call.missing(i) || is_options_table(call, i, parameter);
    if (left_out && !parameter.place.required) continue;
    check_kind(call, i++, parameter);
  }
  const bool options = std::any_of(entry.parameters.begin(), entry.parameters.end(),
                                   [](const Parameter& parameter) { return !parameter.place.positional; });
  const int most = i - first + (options ? 1 : 0), given = call.count() - first + 1;
  if (given <= most) return;
  throw ArgumentError(call.who() + ": takes " + (most == 0 ? "no" : "at most " + std::to_string(most)) +
                      (most == 1 ? " argument" : " arguments") + ", got " + std::to_string(given) +
                      place_of_others(entry));
}

Function checked(const Entry& entry, int first, Function body) {
  return [&entry, first, body = std::move(body)](Call& call) {
    refuse_module(call, entry);
    check_arguments(call, entry, first);
    return body(call);
  };
}

}  // namespace lumir::lua
