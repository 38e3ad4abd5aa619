// Values that Lua and the engine hand each other.

#include <algorithm>
#include <cmath>

#include "bind/bind.h"
#include "bind/text.h"

namespace lumir::lua {
namespace {

/// The position that a key of a table is; 0 for what is none.
size_t position_at(lua_State* L, int index) {
  const double key = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
  return key >= 1 && key == std::floor(key) && key <= 1e7 ? static_cast<size_t>(key) : 0;
}

/// Throws for the first position from 1 that is empty, where `highest` is not.
void refuse_hole(lua_State* L, int index, const std::string& who, const std::string& what, size_t highest) {
  for (int place = 1; static_cast<size_t>(place) < highest; ++place) {
    lua_rawgeti(L, index, place);
    if (lua_isnil(L, -1)) throw ArgumentError(who + ": position " + std::to_string(place) + " of " + what + " is nil");
    lua_pop(L, 1);
  }
}

/// As deep as JSON may nest (core/value.h), so that what Lua gives can be written and read back; Lua itself would let
/// thousands of levels recurse here, and run out of stack where frames are large.
constexpr int kDeepest = 200;

Value value_at(lua_State* L, int index, const std::string& who, int depth);

/// "Block" of a class that is written in Lua: a table with a name, which is called for an object; "" of others.
std::string name_of_class(lua_State* L, int index) {
  if (!lua_getmetatable(L, index)) return "";
  lua_getfield(L, -1, "__call");
  lua_getfield(L, -2, "__name");
  const bool called = !lua_isnil(L, -2) && lua_type(L, -1) == LUA_TSTRING;
  const std::string name = called ? lua_tostring(L, -1) : "";
  lua_pop(L, 3);
  return name;
}

[[noreturn]] void refuse_uncalled(const std::string& who, const std::string& name) {
  throw ArgumentError(who + ": '" + name + "' stands without brackets; " + name + "(...) makes one");
}

Value table_to_value(lua_State* L, int index, const std::string& who, int depth) {
  if (const std::string name = name_of_class(L, index); !name.empty()) refuse_uncalled(who, name);
  if (depth > kDeepest || !lua_checkstack(L, 8)) throw ArgumentError(who + ": tables nested too deep");
  Map map;
  size_t positions = 0, highest = 0;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    if (lua_type(L, -2) == LUA_TSTRING) {
      map[text_at(L, -2)] = value_at(L, lua_gettop(L), who, depth);
      continue;
    }
    const size_t position = position_at(L, -2);
    if (position == 0) throw ArgumentError(who + ": keys of a table are words or positions from 1");
    highest = std::max(highest, position);
    ++positions;
  }
  if (positions == 0) return map;
  if (!map.empty()) {
    throw ArgumentError(who + ": a table is a list or has named members, not both ('" + map.begin()->first + "')");
  }
  if (positions < highest) refuse_hole(L, index, who, "the list", highest);
  List list;
  list.reserve(highest);
  for (size_t i = 1; i <= highest; ++i) {
    lua_rawgeti(L, index, static_cast<int>(i));
    list.push_back(value_at(L, lua_gettop(L), who, depth));
    lua_pop(L, 1);
  }
  return list;
}

Value value_at(lua_State* L, int index, const std::string& who, int depth) {
  switch (lua_type(L, index)) {
    case LUA_TNIL:
    case LUA_TNONE: return {};
    case LUA_TBOOLEAN: return lua_toboolean(L, index) != 0;
    case LUA_TNUMBER: return lua_tonumber(L, index);
    case LUA_TSTRING: return text_at(L, index);
    case LUA_TTABLE: return table_to_value(L, index < 0 ? lua_gettop(L) + 1 + index : index, who, depth + 1);
    case LUA_TUSERDATA: {
      const ClassInfo* info = class_at(L, index);
      if (info && info->as_value) return info->as_value(lua_touserdata(L, index));
      if (info) return info->as_object(lua_touserdata(L, index));
      [[fallthrough]];
    }
    default:
      if (const std::string name = name_of_function(L, index); !name.empty()) refuse_uncalled(who, name);
      if (depth > 0) throw ArgumentError(who + ": a " + kind_at(L, index) + " cannot stand in options");
      throw ArgumentError(who + ": wants a number, text, a list or a table, got " + kind_at(L, index));
  }
}

}  // namespace

void push_value(lua_State* L, const Value& value) {
  if (const auto* b = value.boolean()) {
    lua_pushboolean(L, *b);
  } else if (const auto* n = value.number()) {
    lua_pushnumber(L, *n);
  } else if (const auto* t = value.text()) {
    push_text(L, *t);
  } else if (const auto* list = value.list()) {
    lua_createtable(L, static_cast<int>(list->size()), 0);
    for (size_t i = 0; i < list->size(); ++i) {
      push_value(L, (*list)[i]);
      lua_rawseti(L, -2, static_cast<int>(i) + 1);
    }
  } else if (const auto* map = value.map()) {
    lua_newtable(L);
    for (const auto& [name, member] : *map) {
      push_value(L, member);
      set_member(L, -2, name);
    }
  } else if (const auto* object = value.object()) {
    push_any(L, **object);
  } else {
    lua_pushnil(L);
  }
}

Value to_value(lua_State* L, int index, const std::string& who) { return value_at(L, index, who, 0); }

int list_length(lua_State* L, int index, const std::string& who, const std::string& what) {
  if (!lua_istable(L, index)) throw ArgumentError(who + ": " + what + " must be a list, got " + kind_at(L, index));
  const int table = index < 0 ? lua_gettop(L) + 1 + index : index;
  size_t positions = 0, highest = 0;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    const size_t position = position_at(L, -2);
    if (position > 0) ++positions;
    highest = std::max(highest, position);
  }
  if (positions < highest) refuse_hole(L, table, who, what, highest);
  return static_cast<int>(highest);
}

}  // namespace lumir::lua
