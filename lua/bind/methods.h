// Methods of classes that are written in Lua.

#pragma once

#include "bind/bind.h"

namespace lumir::lua {

/// From now on objects of the class have the function at a stack position as a method, before any of ours.
void add_method(lua_State* L, const ClassInfo& info, const std::string& name, int function);

}  // namespace lumir::lua
