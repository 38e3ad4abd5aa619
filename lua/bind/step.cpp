// Steps as Lua functions and as Lua objects.

#include "bind/step.h"

namespace lumir::lua {
namespace {

const Class<StepPtr> step_class = Class<StepPtr>("Step")
    .text([](const StepPtr& step) { return show_step(step); })
    .as_value([](const StepPtr& step) { return step->description(); })
    .field("name", [](const StepPtr& step) { return Value(step->name()); })
    .field("options", [](const StepPtr& step) { return Value(step->options()); })
    .meta("__call", [](Call& call) {
      const auto step = call.object<StepPtr>(1);
      push_any(call.L, step->apply(input_at(call, 2)));
      return 1;
    });

void push_several(lua_State* L, const std::any& value) {
  const auto& several = std::any_cast<const Several&>(value);
  lua_createtable(L, static_cast<int>(several.size()), 0);
  for (size_t i = 0; i < several.size(); ++i) {
    push_any(L, several[i]);
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
}

const bool several_reach_lua = [] {
  register_any_pusher(typeid(Several), push_several);
  return true;
}();

bool has_array_part(lua_State* L, int index) {
  lua_rawgeti(L, index, 1);
  const bool first = !lua_isnil(L, -1);
  lua_pop(L, 1);
  return first || lua_objlen(L, index) > 0;
}

bool takes_list(const Entry& entry) {
  return !entry.parameters.empty() &&
         (entry.parameters[0].type.starts_with("list") || entry.parameters[0].type.starts_with("steps"));
}

bool takes_name(const Entry& entry) {
  return !entry.parameters.empty() && entry.parameters[0].type == "steps or name";
}

}  // namespace

Map step_options(Call& call, int i, const Entry& entry) {
  if (call.missing(i)) return {};
  if (call.is_nil(i)) {
    throw ArgumentError(entry.name + ": got nil; a misspelt name? (call it with nothing for its defaults)");
  }
  if (call.is_text(i) && takes_name(entry)) return {{entry.parameters[0].name, call.text(i)}};
  if (call.is_table(i) && takes_list(entry) && has_array_part(call.L, i)) {
    // the array part is the first option; word keys beside it are the others
    Map options;
    lua_newtable(call.L);
    const int copy = lua_gettop(call.L);
    for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
      if (lua_type(call.L, -2) == LUA_TSTRING) {
        options[lua_tostring(call.L, -2)] = to_value(call.L, lua_gettop(call.L), entry.name);
      } else {
        lua_pushvalue(call.L, -2);
        lua_pushvalue(call.L, -2);
        lua_rawset(call.L, copy);
      }
    }
    options[entry.parameters[0].name] = to_value(call.L, copy, entry.name);
    lua_pop(call.L, 1);
    return options;
  }
  return call.map(i, "options");
}

std::any input_at(Call& call, int i) {
  if (const ClassInfo* info = class_at(call.L, i)) return info->as_any(lua_touserdata(call.L, i));
  if (call.is_text(i)) return call.text(i);
  if (call.is_nil(i)) throw ArgumentError(call.who() + ": got nil; a misspelt name?");
  return call.value(i);
}

int call_step(Call& call, const Entry& entry) {
  const bool options_alone = call.is_table(1) || call.is_nil(1) || (call.is_text(1) && takes_name(entry));
  const bool makes_step = call.count() == 0 || (call.count() == 1 && options_alone);
  if (makes_step) return call.push(make_step(entry.full_name(), step_options(call, 1, entry)));
  call.at_most(2);
  const StepPtr step = make_step(entry.full_name(), step_options(call, 2, entry));
  push_any(call.L, step->apply(input_at(call, 1)));
  return 1;
}

void open_steps(ModuleTable& module) {
  for (const Entry* entry : entries(module.name())) {
    if (!is_step(entry->full_name())) continue;
    module.function(entry->name, [entry](Call& call) { return call_step(call, *entry); });
  }
}

}  // namespace lumir::lua
