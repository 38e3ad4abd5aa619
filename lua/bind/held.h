// Values of Lua that C++ objects hold: functions that they call, tables that they keep. What is held is let go with the
// object; one that outlives its Lua state touches it no more.
//
// Lua's collector does not see through C++: an object whose held function or table leads back to it (a closure over the
// network that it hooks) stays until the session ends, or until whoever made the circle opens it: the hook is taken off,
// the field set to nil, or the closure finds the network through a table with weak values.
//
// Why that stays so: what is held could lie in the environment of the object's userdata, which the collector goes
// through. But a network has as many userdata as places of Lua know it, or none where only another network, an
// optimiser, a loop over epochs or a result holds it. So the environments would have to repeat who holds whom in C++:
// each class that may lead to a network would say so, at each change. One that did not would let a hook or a whole
// `forward` be collected while it is in use, and that is worse than a circle that stays. Where no hook, field or
// argument of init leads back, nothing stays: a class and its functions lead to no network of theirs.

#pragma once

#include <memory>

#include <lua.hpp>

#include "bind/bind.h"
#include "bind/owned.h"

namespace lumir::lua {

/// Of each Lua state: its main thread, and what lives as long as it is open; who outlives it must not touch it.
struct Open {
  lua_State* main = nullptr;
  std::shared_ptr<char> alive = std::make_shared<char>();
};

/// A value of Lua that C++ holds.
class Held {
 public:
  Held(lua_State* L, int index) : main_(owned_by<Open>(L).main), open_(owned_by<Open>(L).alive) {
    lua_pushvalue(L, index);
    place_ = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  ~Held() {
    if (!open_.expired()) luaL_unref(thread(), LUA_REGISTRYINDEX, place_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  /// Leaves it on the stack of `thread()`.
  void push() const { lua_rawgeti(thread(), LUA_REGISTRYINDEX, place_); }
  /// Where to call it: in the thread that runs now. The one that it was made in may be a coroutine that is gone.
  lua_State* thread() const {
    lua_State* const here = running_thread();
    return here && is_of_this_session(here) ? here : main_;
  }

 private:
  bool is_of_this_session(lua_State* L) const {
    return lua_topointer(L, LUA_REGISTRYINDEX) == lua_topointer(main_, LUA_REGISTRYINDEX);
  }
  lua_State* main_;
  std::weak_ptr<char> open_;
  int place_;
};

}  // namespace lumir::lua
