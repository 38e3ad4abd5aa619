// What print and the prompt show: what Lua's tostring says, but tables with what is in them.

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <unistd.h>

#include "bind/bind.h"
#include "bind/state.h"
#include "bind/text.h"
#include "core/registry.h"
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

/// The name of a function of our own that is written in Lua: it is described above itself in its file; "" of others.
std::string described_name(const lua_Debug& about) {
  if (!std::string_view(about.source).starts_with("@lua/lumir/")) return "";
  const Entry* nearest = nullptr;
  for (const Entry* entry : entries()) {
    const bool above = std::string_view(about.source).substr(1) == entry->file && entry->line <= about.linedefined;
    if (above && (!nearest || entry->line > nearest->line)) nearest = entry;
  }
  return nearest ? nearest->name : "";
}

/// "function mfcc", "function at recipe.lua:12".
std::string shown_function(lua_State* L, int index) {
  const std::string name = name_of_function(L, index);
  if (!name.empty()) return "function " + name;
  lua_Debug about;
  lua_pushvalue(L, index);
  lua_getinfo(L, ">S", &about);
  if (*about.what == 'C') return "function of Lua's own";
  if (const std::string described = described_name(about); !described.empty()) return "function " + described;
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

std::string in_one_line(lua_State* L, int index, int depth);

/// The first line of an object; what it opens there it closes.
std::string first_line(const std::string& text) {
  const size_t end = text.find('\n');
  const std::string line = text.substr(0, end);
  return end != std::string::npos && line.ends_with('{') ? line + " ... }" : line;
}

/// A text within a table; of a long one how long it is.
std::string shown_text(lua_State* L, int index) {
  constexpr size_t kLongest = 200;
  const size_t size = text_at(L, index).size();
  const std::string text = show(to_value(L, index, ""));
  return size <= kLongest ? text : cut(text, kWidest) + " (" + std::to_string(size) + " bytes)";
}

/// A value within a table, in one line.
std::string shown_part(lua_State* L, int index, int depth) {
  if (is_plain_table(L, index)) return depth < kDeepest ? in_one_line(L, index, depth + 1) : "{ ... }";
  if (lua_type(L, index) == LUA_TSTRING) return shown_text(L, index);
  return cut(first_line(shown_whole(L, index)), kWidest);
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
    if (lua_type(L, -2) == LUA_TSTRING) members.words.push_back(text_at(L, -2));
  }
  std::sort(members.words.begin(), members.words.end());
  return members;
}

/// What stands in a table, each in words: what has places first.
struct Parts {
  std::vector<std::string> listed, named;
  int more = 0;  // not shown
};
Parts parts_of(lua_State* L, int index, int depth) {
  luaL_checkstack(L, 6, "tables nested too deep");
  const auto [count, listed, words] = members_of(L, index);
  const int shown = std::min(listed + static_cast<int>(words.size()), kMostShown);
  Parts parts;
  for (int i = 1; i <= shown; ++i) {
    std::string key;
    if (i <= listed) {
      lua_rawgeti(L, index, i);
    } else {
      key = words[static_cast<size_t>(i - listed) - 1];
      push_text(L, key);
      lua_rawget(L, index);
    }
    const std::string part = shown_part(L, lua_gettop(L), depth);
    lua_pop(L, 1);
    if (i <= listed) {
      parts.listed.push_back(part);
    } else {
      parts.named.push_back(key_text(key) + " = " + part);
    }
  }
  parts.more = count - shown;
  return parts;
}

std::string more_text(const Parts& parts) { return "... " + std::to_string(parts.more) + " more"; }

/// "{ 'odd', 'even', n = 3 }"
std::string in_one_line(const Parts& parts) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? " " : ", ") + part; };
  for (const auto& part : parts.listed) add(part);
  for (const auto& part : parts.named) add(part);
  if (parts.more > 0) add(more_text(parts));
  return text.empty() ? "{}" : "{" + text + " }";
}

std::string in_one_line(lua_State* L, int index, int depth) { return in_one_line(parts_of(L, index, depth)); }

/// As many parts of a list in a line as a terminal has room for, each name in a line of its own.
std::string in_lines(const Parts& parts, size_t width) {
  constexpr size_t kIndent = 2;
  const std::string start = "\n" + std::string(kIndent, ' ');
  const size_t room = width - kIndent - 1;  // a comma stands behind
  std::string text = "{";
  size_t used = room;
  const auto add = [&](const std::string& part, bool alone) {
    const std::string shown = cut(part, room);
    const bool fits = !alone && used + text_width(shown) + 2 <= room;
    text += (text.size() == 1 ? "" : ",") + (fits ? " " : start) + shown;
    used = alone ? room : (fits ? used + 2 : 0) + text_width(shown);
  };
  for (const auto& part : parts.listed) add(part, false);
  for (const auto& part : parts.named) add(part, true);
  if (parts.more > 0) add(more_text(parts), !parts.named.empty());
  return text + "\n}";
}

}  // namespace

std::string printed_text(lua_State* L, int index) {
  if (is_plain_table(L, index)) {
    const Parts parts = parts_of(L, index, 1);
    const std::string line = in_one_line(parts);
    const auto width = terminal_width(STDOUT_FILENO);
    return !width || text_width(line) <= *width ? line : in_lines(parts, *width);
  }
  const std::string text = shown_whole(L, index);
  return class_at(L, index) || lua_istable(L, index) ? for_terminal(text) : text;
}

std::string printed_line(lua_State* L, int index) {
  return is_plain_table(L, index) ? in_one_line(L, index, 1) : first_line(shown_whole(L, index));
}

}  // namespace lumir::lua
