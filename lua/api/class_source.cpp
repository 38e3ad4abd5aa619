// Follows functions to the lines that they stand in and to what they capture.

#include "api/class_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "bind/bind.h"
#include "bind/text.h"
#include "bind/way.h"
#include "core/file.h"
#include "core/hash.h"

namespace lumir::lua {
namespace {

std::string lines_of(const std::string& text, int first, int last) {
  size_t begin = 0;
  for (int line = 1; line < first && begin < text.size(); ++line)
    begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  size_t end = begin;
  for (int line = first; line <= last && end < text.size(); ++line)
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return text.substr(begin, end - begin);
}

class Source {
 public:
  explicit Source(lua_State* L) : state_(L) {}

  /// Adds the functions of the class on top of the stack, by name.
  void add_class(int table) {
    if (!seen_.insert(lua_topointer(state_, table)).second) return;
    std::vector<std::string> names;
    for (lua_pushnil(state_); lua_next(state_, table); lua_pop(state_, 1)) {
      if (lua_type(state_, -2) == LUA_TSTRING) names.push_back(text_at(state_, -2));
    }
    std::sort(names.begin(), names.end());
    for (const auto& name : names) {
      push_text(state_, name);
      lua_rawget(state_, table);
      add_value(name);
      lua_pop(state_, 1);
    }
  }

  /// Empty where something could not be read.
  std::string finish() { return readable_ ? hash_.finish() : std::string(); }

 private:
  /// What is on top of the stack, which stays there.
  void add_value(const std::string& name) {
    luaL_checkstack(state_, 8, "a class that is nested too deep");
    const int at = lua_gettop(state_);
    switch (lua_type(state_, at)) {
      case LUA_TNUMBER:
      case LUA_TSTRING:
      case LUA_TBOOLEAN: add_text(name + " = " + show(to_value(state_, at, "Module"))); break;
      case LUA_TFUNCTION: add_function(name, at); break;
      case LUA_TTABLE:
        if (is_class(at)) {
          add_text("class " + name);
          add_class(at);
        }
        break;
      default: break;
    }
  }

  bool is_class(int table) {
    if (!lua_getmetatable(state_, table)) return false;
    lua_getfield(state_, -1, kClassMark);
    const bool marked = lua_toboolean(state_, -1);
    lua_pop(state_, 2);
    return marked;
  }

  void add_function(const std::string& name, int at) {
    if (lua_iscfunction(state_, at) || !seen_.insert(lua_topointer(state_, at)).second) return;
    lua_Debug info{};
    lua_pushvalue(state_, at);
    lua_getinfo(state_, ">S", &info);
    if (!is_users_code(info.source)) return;
    const auto text = text_of(info);
    readable_ = readable_ && text.has_value();
    if (!text) return;
    add_text("function " + name);
    add_text(lines_of(*text, info.linedefined, info.lastlinedefined));
    for (int i = 1; const char* captured = lua_getupvalue(state_, at, i); ++i) {
      add_value(captured);
      lua_pop(state_, 1);
    }
  }

  /// Of a whole chunk: the file, or the very text that was loaded.
  std::optional<std::string> text_of(const lua_Debug& info) {
    std::string source = info.source;
    if (source.starts_with("=")) return std::nullopt;
    if (!source.starts_with("@")) return source;
    auto& kept = files_[source];
    if (kept) return kept;
    try {
      kept = read_file(source.substr(1));
    } catch (const Error&) {
      return std::nullopt;
    }
    return kept;
  }

  void add_text(const std::string& text) {
    hash_.add(text);
    hash_.add(std::string_view("\0", 1));
  }

  lua_State* state_;
  Sha256 hash_;
  std::set<const void*> seen_;
  std::map<std::string, std::optional<std::string>> files_;
  bool readable_ = true;
};

}  // namespace

std::string source_of_class(lua_State* L, int index) {
  Source source(L);
  source.add_class(index < 0 ? lua_gettop(L) + 1 + index : index);
  return source.finish();
}

}  // namespace lumir::lua
