// What print and the prompt show: what Lua's tostring says, but tables with what is in them.

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "bind/bind.h"
#include "bind/state.h"
#include "core/terminal.h"
#include "core/text.h"

namespace lumir::lua {
namespace {

constexpr int kMostShown = 12;  // of a table; the others are counted
constexpr int kDeepest = 4;
constexpr size_t kWidest = 60;  // of an object in a table

std::string text_of(lua_State* L, int index) {
  lua_getglobal(L, "tostring");
  lua_pushvalue(L, index);
  lua_call(L, 1, 1);
  size_t size = 0;
  const char* held = lua_tolstring(L, -1, &size);
  if (!held) luaL_error(L, "'tostring' must return a string to 'print'");
  std::string text(held, size);
  lua_pop(L, 1);
  return text;
}

/// "function mfcc", "function at recipe.lua:12".
std::string shown_function(lua_State* L, int index) {
  const std::string name = name_of_function(L, index);
  if (!name.empty()) return "function " + name;
  lua_Debug about;
  lua_pushvalue(L, index);
  lua_getinfo(L, ">S", &about);
  if (*about.what == 'C') return "function of Lua's own";
  return "function at " + std::string(about.short_src) + ":" + std::to_string(about.linedefined);
}

/// What Lua would show as a kind and an address, without the address, which says nothing and changes from run to run.
std::string without_address(const std::string& text) {
  const size_t at = text.rfind(": 0x");
  const bool address =
      at != std::string::npos && text.find_first_not_of("0123456789abcdef", at + 4) == std::string::npos;
  return address ? text.substr(0, at) : text;
}

/// Of a value as it stands: without braces around a table.
std::string shown_whole(lua_State* L, int index) {
  if (lua_isfunction(L, index)) return shown_function(L, index);
  return lua_type(L, index) == LUA_TSTRING ? text_of(L, index) : without_address(text_of(L, index));
}

bool is_plain_table(lua_State* L, int index) {
  if (!lua_istable(L, index)) return false;
  if (!lua_getmetatable(L, index)) return true;
  lua_pop(L, 1);
  return false;
}

std::string shown_table(lua_State* L, int index, int depth);

/// A value within a table, in one line.
std::string shown_part(lua_State* L, int index, int depth) {
  if (is_plain_table(L, index)) return depth < kDeepest ? shown_table(L, index, depth + 1) : "{ ... }";
  if (lua_type(L, index) == LUA_TSTRING) return show(to_value(L, index, ""));
  const std::string text = shown_whole(L, index);
  return cut(text.substr(0, text.find('\n')), kWidest);
}

/// As it is written in a table: n, or ['0.weight'].
std::string key_text(const std::string& key) {
  const auto in_names = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  const bool name = !key.empty() && !std::isdigit(static_cast<unsigned char>(key[0])) &&
                    std::all_of(key.begin(), key.end(), in_names);
  return name ? key : "[" + show(Value(key)) + "]";
}

struct Members {
  int count = 0;
  int listed = 0;                  // by place, from 1
  std::vector<std::string> words;  // in their order, whatever order Lua has them in
};
Members members_of(lua_State* L, int table) {
  Members members;
  members.listed = static_cast<int>(lua_objlen(L, table));
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    ++members.count;
    if (lua_type(L, -2) == LUA_TSTRING) members.words.emplace_back(lua_tostring(L, -2));
  }
  std::sort(members.words.begin(), members.words.end());
  return members;
}

/// "{ 'odd', 'even', n = 3 }": what has places first.
std::string shown_table(lua_State* L, int index, int depth) {
  luaL_checkstack(L, 6, "tables nested too deep");
  const auto [count, listed, words] = members_of(L, index);
  const int shown = std::min(listed + static_cast<int>(words.size()), kMostShown);
  std::string text;
  for (int i = 1; i <= shown; ++i) {
    text += i == 1 ? " " : ", ";
    if (i <= listed) {
      lua_rawgeti(L, index, i);
    } else {
      const std::string& key = words[static_cast<size_t>(i - listed) - 1];
      text += key_text(key) + " = ";
      lua_pushlstring(L, key.data(), key.size());
      lua_rawget(L, index);
    }
    text += shown_part(L, lua_gettop(L), depth);
    lua_pop(L, 1);
  }
  if (count > shown) text += (shown > 0 ? ", ... " : " ... ") + std::to_string(count - shown) + " more";
  return text.empty() ? "{}" : "{" + text + " }";
}

}  // namespace

std::string printed_text(lua_State* L, int index) {
  if (is_plain_table(L, index)) return shown_table(L, index, 1);
  const std::string text = shown_whole(L, index);
  return class_at(L, index) ? for_terminal(text) : text;
}

}  // namespace lumir::lua
