// Values of Lua that C++ objects hold: functions that they call, tables that they keep. What is held is let go with the
// object; one that outlives its Lua state touches it no more.

#pragma once

#include <memory>

#include <lua.hpp>

#include "bind/owned.h"

namespace lumir::lua {

/// True as long as its Lua state is open; what outlives it must not touch it.
struct Open {
  std::shared_ptr<char> alive = std::make_shared<char>();
};

/// A value of Lua that C++ holds.
class Held {
 public:
  Held(lua_State* L, int index) : state_(L), open_(owned_by<Open>(L).alive) {
    lua_pushvalue(L, index);
    place_ = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  ~Held() {
    if (!open_.expired()) luaL_unref(state_, LUA_REGISTRYINDEX, place_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  void push() const { lua_rawgeti(state_, LUA_REGISTRYINDEX, place_); }
  lua_State* state() const { return state_; }

 private:
  lua_State* state_;
  std::weak_ptr<char> open_;
  int place_;
};

}  // namespace lumir::lua
