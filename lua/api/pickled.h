// What Python pickled (tensor/pickle_value.h), as Lua's tables and tensors.

#pragma once

#include <lua.hpp>

#include "tensor/pickle_value.h"

namespace lumir::lua {

/// Leaves the root on the stack: dicts as tables by their keys, lists, tuples and sets as lists from 1, None as nil (in a
/// list as false). What stands in several places is one table or tensor in all of them. Answers 1.
int push_pickled(lua_State* L, tensor::Pickled& pickled);

}  // namespace lumir::lua
