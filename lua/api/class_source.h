// What a class of networks that is written in Lua is made of, told apart by a hash.

#pragma once

#include <string>

#include <lua.hpp>

namespace lumir::lua {

/// Stands in the metatable of such a class, and of nothing else.
inline constexpr const char* kClassMark = "lumir_class";

/// What the Lua function on top of the stack was compiled to; luaL_loadbuffer makes it again, without what it captures.
std::string dumped(lua_State* L);

/// What counts: of a file of weights what its user has written; of results that are kept also the program's own files of
/// models/, whole tables, and where there is no text, what functions were compiled to.
enum class Reach { users, all };

/// sha256 of the text of all functions of the class at a stack position, and of what they use from around them:
/// functions, classes, numbers, text and truth values. What else stands in the file does not count. Empty where
/// a function's text is nowhere to be read, as at the prompt, unless all counts.
std::string source_of_class(lua_State* L, int index, Reach reach = Reach::users);

}  // namespace lumir::lua
