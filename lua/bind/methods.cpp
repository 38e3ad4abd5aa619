// Puts methods where those that were read once are kept.

#include "bind/methods.h"

namespace lumir::lua {

void add_method(lua_State* L, const ClassInfo& info, const std::string& name, int function) {
  constexpr int kKeptMethods = 2;  // which upvalue of __index they are: see read_member
  lua_pushvalue(L, function);
  push_metatable(L, info);
  lua_getfield(L, -1, "__index");
  lua_getupvalue(L, -1, kKeptMethods);
  lua_pushvalue(L, -4);
  lua_setfield(L, -2, name.c_str());
  lua_pop(L, 4);
}

}  // namespace lumir::lua
