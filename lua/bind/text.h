// Text of Lua's, whole: zero bytes are bytes like others, which lua_tostring and lua_setfield end at.

#pragma once

#include <string>
#include <string_view>

#include <lua.hpp>

namespace lumir::lua {

/// The text at a stack position; "" of what is none.
inline std::string text_at(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TSTRING) return "";
  size_t size = 0;
  const char* text = lua_tolstring(L, index, &size);
  return {text, size};
}

inline void push_text(lua_State* L, std::string_view text) { lua_pushlstring(L, text.data(), text.size()); }

/// table[name] = the value on top of the stack, which it takes; `table` as it counts before that.
inline void set_member(lua_State* L, int table, std::string_view name) {
  const int at = table < 0 ? lua_gettop(L) + 1 + table : table;
  push_text(L, name);
  lua_insert(L, -2);
  lua_settable(L, at);
}

}  // namespace lumir::lua
