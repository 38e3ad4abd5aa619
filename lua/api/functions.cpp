// Functions among the arguments of a call.

#include "api/functions.h"

#include <algorithm>

namespace lumir::lua {

void hold_functions(lua_State* L, const Entry& entry, const std::function<void(int index)>& push) {
  const auto& parameters = entry.parameters;
  const auto is_function = [](const Parameter& parameter) { return parameter.type == "function"; };
  if (std::none_of(parameters.begin(), parameters.end(), is_function)) return;
  for (int i = 1, last = lua_gettop(L); i <= last; ++i) {
    if (lua_isfunction(L, i)) {
      push(i);
      lua_replace(L, i);
    }
    if (i != last || !lua_istable(L, i)) continue;
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, i); lua_pop(L, 1)) {
      if (lua_isfunction(L, -1)) {
        push(lua_gettop(L));
        lua_replace(L, -2);
      }
      lua_pushvalue(L, -2);
      lua_pushvalue(L, -2);
      lua_rawset(L, last + 1);
    }
    lua_replace(L, i);
  }
}

}  // namespace lumir::lua
