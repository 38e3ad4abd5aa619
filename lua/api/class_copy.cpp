// Follows functions to what they capture, and makes all of it again elsewhere.

#include "api/class_copy.h"

#include <map>
#include <string>
#include <vector>

#include "api/class_source.h"
#include "bind/bind.h"

namespace lumir::lua {
namespace {

/// Where something stands: a name of package.loaded, then keys.
using Path = std::vector<std::string>;
using Named = std::map<const void*, Path>;

/// Adds the functions and tables on top of the stack, a table as deep as names of Lumir's go.
void add_named(lua_State* L, const Path& path, Named& named) {
  constexpr size_t kDeepest = 4;
  luaL_checkstack(L, 4, "names");
  const int type = lua_type(L, -1);
  if ((type != LUA_TTABLE && type != LUA_TFUNCTION) || !named.emplace(lua_topointer(L, -1), path).second) return;
  if (type == LUA_TFUNCTION || path.size() == kDeepest) return;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    Path inner = path;
    inner.emplace_back(lua_tostring(L, -2));
    add_named(L, inner, named);
  }
}

/// What Lumir and Lua have under names; the same in every state.
Named named_in(lua_State* L) {
  Named named;
  const int top = lua_gettop(L);
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  for (const char* module : {"lumir.native", "lumir", "string", "table", "math", "os", "io", "debug", "coroutine",
                             "bit", "jit", "ffi", "_G"}) {
    lua_getfield(L, top + 1, module);
    if (module == std::string("_G")) {  // its own functions: what a user has put there is no name of ours
      for (const char* name :
           {"assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "print", "rawequal", "rawget",
            "rawset", "require", "select", "setmetatable", "tonumber", "tostring", "type", "unpack", "xpcall"}) {
        lua_getfield(L, -1, name);
        add_named(L, {module, name}, named);
        lua_pop(L, 1);
      }
    } else {
      add_named(L, {module}, named);
    }
    lua_pop(L, 1);
  }
  lua_settop(L, top);
  return named;
}

class Copy {
 public:
  Copy(lua_State* from, lua_State* to) : from_(from), to_(to), named_(named_in(from)) {
    lua_newtable(to_);
    copies_ = lua_gettop(to_);
  }

  /// Leaves what stands at a stack position on the other stack. `name` is what it is called there where it is used.
  void push(int at, const std::string& name) {
    luaL_checkstack(from_, 8, "a class that is nested too deep");
    luaL_checkstack(to_, 8, "a class that is nested too deep");
    switch (lua_type(from_, at)) {
      case LUA_TNIL: return lua_pushnil(to_);
      case LUA_TBOOLEAN: return lua_pushboolean(to_, lua_toboolean(from_, at));
      case LUA_TNUMBER: return lua_pushnumber(to_, lua_tonumber(from_, at));
      case LUA_TSTRING: return push_text(at);
      case LUA_TTABLE:
      case LUA_TFUNCTION: return push_shared(at, name);
      default:
        throw ArgumentError("step: '" + name + "', which the code of the network uses, is a " + kind_at(from_, at) +
                            " of this session; what steps use must be a part, a parameter or a buffer of it");
    }
  }

 private:
  void push_text(int at) {
    size_t size = 0;
    const char* text = lua_tolstring(from_, at, &size);
    lua_pushlstring(to_, text, size);
  }

  /// A table or a function, which several may use: there is one copy of it.
  void push_shared(int at, const std::string& name) {
    const void* const place = lua_topointer(from_, at);
    lua_pushlightuserdata(to_, const_cast<void*>(place));
    lua_rawget(to_, copies_);
    if (!lua_isnil(to_, -1)) return;
    lua_pop(to_, 1);
    if (const auto known = named_.find(place); known != named_.end()) return push_named(known->second);
    if (lua_iscfunction(from_, at)) return push_stub(place, name);
    lua_isfunction(from_, at) ? push_function_copy(at, name) : push_table_copy(at, name);
  }

  void keep(const void* place) {
    lua_pushlightuserdata(to_, const_cast<void*>(place));
    lua_pushvalue(to_, -2);
    lua_rawset(to_, copies_);
  }

  void push_named(const Path& path) {
    lua_getfield(to_, LUA_REGISTRYINDEX, "_LOADED");
    for (const auto& name : path) {
      lua_getfield(to_, -1, name.c_str());
      lua_remove(to_, -2);
    }
  }

  /// What a helper's file has made of C++ (words of lumir.doc): it says so where a network calls it.
  void push_stub(const void* place, const std::string& name) {
    push_function(to_, name, [name](Call&) -> int {
      throw ArgumentError("step: '" + name + "', which the code of the network calls, belongs to this session");
    });
    keep(place);
  }

  void push_function_copy(int at, const std::string& name) {
    lua_pushvalue(from_, at);
    const std::string code = dumped(from_);
    const int function = lua_gettop(from_);
    if (luaL_loadbuffer(to_, code.data(), code.size(), name.c_str()) != 0) throw ArgumentError(lua_tostring(to_, -1));
    keep(lua_topointer(from_, function));
    for (int i = 1; const char* captured = lua_getupvalue(from_, function, i); ++i) {
      push(lua_gettop(from_), captured);
      lua_setupvalue(to_, -2, i);
      lua_pop(from_, 1);
    }
    lua_pop(from_, 1);
  }

  void push_table_copy(int at, const std::string& name) {
    const int table = at < 0 ? lua_gettop(from_) + 1 + at : at;
    if (lua_getmetatable(from_, table)) {
      lua_getfield(from_, -1, kClassMark);
      const bool is_class = lua_toboolean(from_, -1) != 0;
      lua_getfield(from_, -2, "__name");
      const std::string title = is_class ? lua_tostring(from_, -1) : "";
      lua_pop(from_, 3);
      if (!is_class) {
        throw ArgumentError("step: '" + name + "', which the code of the network uses, is a table with a metatable");
      }
      push_named({"lumir.native", "nn", "Module"});
      lua_pushstring(to_, title.c_str());
      lua_call(to_, 1, 1);
    } else {
      lua_newtable(to_);
    }
    keep(lua_topointer(from_, table));
    for (lua_pushnil(from_); lua_next(from_, table); lua_pop(from_, 1)) {
      const int value = lua_gettop(from_);
      const std::string inner = lua_type(from_, value - 1) == LUA_TSTRING ? lua_tostring(from_, value - 1) : name;
      push(value - 1, name);
      push(value, inner);
      lua_rawset(to_, -3);
    }
  }

  lua_State *from_, *to_;
  Named named_;
  int copies_ = 0;  // where in `to` a table has the copies by what they are of
};

}  // namespace

void push_copied_class(lua_State* from, int index, lua_State* to) {
  Copy copy(from, to);
  const int below = lua_gettop(to);
  copy.push(index < 0 ? lua_gettop(from) + 1 + index : index, "class");
  lua_replace(to, below);
}

}  // namespace lumir::lua
