// Functions among the arguments of a call, as values that can stand in options.

#pragma once

#include <functional>

#include <lua.hpp>

namespace lumir::lua {

/// Takes the place of functions among the arguments, and in a table of options, which is copied: `push` leaves an object
/// that holds the function at an index.
void hold_functions(lua_State* L, const std::function<void(int index)>& push);

}  // namespace lumir::lua
