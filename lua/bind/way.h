// The way to an error: which lines were being run when it was thrown, from the innermost out.

#pragma once

#include <string>
#include <vector>

#include <lua.hpp>

namespace lumir::lua {

/// One call that had not ended yet.
struct Stop {
  std::string file;  // of Lua code; empty for a function of the engine
  int line = 0;
  std::string function;  // as it was called; empty where that has no name
  bool users = false;    // code that the user wrote
};
using Way = std::vector<Stop>;

/// Leaves a message handler for lua_pcall on the stack, which keeps the way to an error in `way`.
void push_way_keeper(lua_State* L, Way& way);

/// From now on what was in the variables of the calls on the way to the last error is kept, for a debugger to show.
void keep_frames(lua_State* L);
/// Leaves them as a list, from the innermost call out: { place =, name =, names = { ... }, values = { ... } }.
void push_frames(lua_State* L);

/// The user's lines with what stands in them, three at most and a line each; nothing where the error came from outside
/// every function, because its own place says all.
std::string short_way(const Way& way);
/// Every call, Lumir's own too.
std::string whole_way(const Way& way);

/// "recipe.lua:12": the nearest line that the user wrote, past Lumir's own Lua; empty where there is none.
std::string users_place(lua_State* L);

/// What the program calls a line of Lua of its own.
inline constexpr const char* kOwnChunk = "=lumir";
/// Whether the code of a source (as Lua knows it, "@recipe.lua") was written by the user.
bool is_users_code(const char* source);

}  // namespace lumir::lua
