// What a Lua state owns of C++: one object of a type for each state, made when it is first asked for and gone with the
// state. So two sessions of one process share nothing that a session found out.

#pragma once

#include <memory>

#include <lua.hpp>

namespace lumir::lua {

namespace detail {
/// What the state keeps under an address; null before it is set.
std::shared_ptr<void>& owned_slot(lua_State* L, void* key);
}  // namespace detail

/// `owned_by<Run>(L)`: the state's own Run.
template <class T>
T& owned_by(lua_State* L) {
  static char key;  // its address names the type
  auto& slot = detail::owned_slot(L, &key);
  if (!slot) slot = std::make_shared<T>();
  return *static_cast<T*>(slot.get());
}

}  // namespace lumir::lua
