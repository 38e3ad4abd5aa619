// Classes of networks that are written in Lua, taken into another Lua state.

#pragma once

#include <lua.hpp>

namespace lumir::lua {

/// Leaves on the stack of `to` a class like that at a stack position of `from`: its functions with what they use from
/// around them (functions, classes, plain tables and values), and what Lumir and Lua have under a name by that name.
/// Call it where errors of `to` are caught. Throws ArgumentError for what has no copy: tensors, networks, coroutines.
void push_copied_class(lua_State* from, int index, lua_State* to);

}  // namespace lumir::lua
