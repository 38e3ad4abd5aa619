// What a class of networks that is written in Lua is made of, told apart by a hash.

#pragma once

#include <string>

#include <lua.hpp>

namespace lumir::lua {

/// Stands in the metatable of such a class, and of nothing else.
inline constexpr const char* kClassMark = "lumir_class";

/// sha256 of the text of all functions of the class at a stack position, and of what they use from around them:
/// functions, classes, numbers, text and truth values. What else stands in the file does not count. Empty where
/// a function's text is nowhere to be read, as at the prompt.
std::string source_of_class(lua_State* L, int index);

}  // namespace lumir::lua
