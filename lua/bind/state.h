// A Lua state that is ours: standard libraries, embedded files for `require`, strict globals, the modules of `lumir`.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <lua.hpp>

#include "bind/way.h"

namespace lumir::lua {

/// Opens one; closes with the pointer.
std::unique_ptr<lua_State, void (*)(lua_State*)> open_state();

/// Lets Ctrl-C stop compiled code, which takes LuaJIT's profiler; open_state has done it, and whoever used the profiler for
/// something else does it again.
void watch_compiled_code(lua_State* L);

/// A file that travels inside the program, by its path in the project ("scripts/predict.lua"); empty view if none.
std::string_view embedded(std::string_view path);
/// Paths of all embedded files below a folder, sorted.
std::vector<std::string> embedded_below(std::string_view folder);

/// What `print` shows of a value: of a table what is in it, "{ 'odd', 'even' }", unless it has a metatable; of all else
/// its text, an object's laid out for the terminal, where stdout leads to one.
std::string printed_text(lua_State* L, int index);
/// The same in one line, for lists of values.
std::string printed_line(lua_State* L, int index);

/// How running something ended.
struct Outcome {
  int status = 0;       // 0, 1 error, 2 wrong usage, 130 interrupted; or what the chunk returned
  std::string message;  // empty, or one line without "error: "
  Way way;              // to an error that the code did not throw on purpose by lumir.usage or lumir.fail
};
/// Compiles and runs a chunk with text arguments. `name` as Lua shows it ("@recipe.lua").
Outcome run_chunk(lua_State* L, std::string_view code, const std::string& name, const std::vector<std::string>& args);
/// Calls the function below `arguments` values on the stack; leaves `results` values (LUA_MULTRET for all) when the
/// outcome is good.
Outcome call_function(lua_State* L, int arguments, int results);

}  // namespace lumir::lua
