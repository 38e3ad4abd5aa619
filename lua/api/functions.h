// Functions among the arguments of a call, as values that can stand in options.

#pragma once

#include <functional>

#include <lua.hpp>

#include "core/registry.h"

namespace lumir::lua {

/// Takes the place of functions among the arguments of an entry that has an option for one, and in a table of options,
/// which is copied: `push` leaves an object that holds the function at an index.
void hold_functions(lua_State* L, const Entry& entry, const std::function<void(int index)>& push);

}  // namespace lumir::lua
