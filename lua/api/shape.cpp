// Shapes as Lua sees them: lists of sizes that print as "[4, 3]", count from 1, know their last by -1, and are equal where
// their sizes are.

#include <cmath>

#include "api/tensor.h"
#include "tensor/show.h"

namespace lumir::lua {
namespace {

int count_at(lua_State* L, int index) { return static_cast<int>(lua_objlen(L, index)); }

std::string shown(lua_State* L, int index) {
  std::vector<int64_t> sizes;
  for (int i = 1; i <= count_at(L, index); ++i) {
    lua_rawgeti(L, index, i);
    sizes.push_back(static_cast<int64_t>(lua_tonumber(L, -1)));
    lua_pop(L, 1);
  }
  return tensor::show_shape(sizes);
}

/// What is no place from 1 on: one from the end, or an error.
int place_from_end(Call& call) {
  const int count = count_at(call.L, 1);
  if (!call.is_number(2)) {
    throw ArgumentError("shape: has sizes by place and nothing called " + show(call.value(2)));
  }
  const double place = call.number(2);
  if (place < 0 && place >= -count && place == std::floor(place)) {
    lua_rawgeti(call.L, 1, count + 1 + static_cast<int>(place));
    return 1;
  }
  const std::string rule = count == 0 ? "a single number has no sizes"
                                      : "dimensions are 1 to " + std::to_string(count) + ", and -1 is the last";
  throw ArgumentError("shape: " + show_number(place) + " is no dimension of " + shown(call.L, 1) + "; " + rule);
}

/// Of two shapes, the only ones that Lua asks about.
int are_equal(Call& call) { return call.push(shown(call.L, 1) == shown(call.L, 2)); }

void push_shape_metatable(lua_State* L);

bool is_shape(lua_State* L, int index) {
  if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
  push_shape_metatable(L);
  const bool same = lua_rawequal(L, -1, -2) == 1;
  lua_pop(L, 2);
  return same;
}

std::string side_of_joining(lua_State* L, int index) {
  if (is_shape(L, index)) return shown(L, index);
  size_t size = 0;
  const char* text = lua_tolstring(L, index, &size);  // of numbers, too
  if (!text) throw ArgumentError("shape: '..' joins text and numbers, got " + kind_at(L, index));
  return {text, size};
}

void push_shape_metatable(lua_State* L) {
  static char key;  // its address names the metatable
  lua_pushlightuserdata(L, &key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
  push_function(L, "shape", [](Call& call) { return call.push(shown(call.L, 1)); });
  lua_setfield(L, -2, "__tostring");
  push_function(L, "shape", place_from_end);
  lua_setfield(L, -2, "__index");
  push_function(L, "shape", are_equal);
  lua_setfield(L, -2, "__eq");
  push_function(L, "shape",
                [](Call& call) { return call.push(side_of_joining(call.L, 1) + side_of_joining(call.L, 2)); });
  lua_setfield(L, -2, "__concat");
  lua_pushlightuserdata(L, &key);
  lua_pushvalue(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

}  // namespace

int push_shape(lua_State* L, at::IntArrayRef sizes) {
  lua_createtable(L, static_cast<int>(sizes.size()), 0);
  for (size_t i = 0; i < sizes.size(); ++i) {
    lua_pushnumber(L, static_cast<double>(sizes[i]));
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
  push_shape_metatable(L);
  lua_setmetatable(L, -2);
  return 1;
}

}  // namespace lumir::lua
