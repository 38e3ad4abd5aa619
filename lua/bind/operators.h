// Lua's operators on objects whose class says nothing of them: errors that name the class, in place of Lua's own, which
// speak of userdata.

#pragma once

#include "bind/bind.h"

namespace lumir::lua {

/// Fills the metatable on top of the stack with what the class itself leaves open.
void add_refusals(lua_State* L, const ClassInfo& info);

}  // namespace lumir::lua
