// Objects in the registry of a Lua state.

#include "bind/owned.h"

#include <new>

namespace lumir::lua::detail {
namespace {

using Slot = std::shared_ptr<void>;

int let_go(lua_State* L) {
  static_cast<Slot*>(lua_touserdata(L, 1))->~Slot();
  return 0;
}

}  // namespace

std::shared_ptr<void>& owned_slot(lua_State* L, void* key) {
  lua_pushlightuserdata(L, key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  auto* slot = static_cast<Slot*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  if (slot) return *slot;
  lua_pushlightuserdata(L, key);
  slot = new (lua_newuserdata(L, sizeof(Slot))) Slot;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, let_go);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
  return *slot;
}

}  // namespace lumir::lua::detail
