// Follows functions to the lines that they stand in and to what they capture.

#include "api/class_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "bind/bind.h"
#include "bind/state.h"
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
  Source(lua_State* L, Reach reach) : state_(L), reach_(reach) {}

  /// Adds what the class, or another table, at a stack position holds, by name, and by place.
  void add_table(int table) {
    if (!seen_.insert(lua_topointer(state_, table)).second) return;
    std::set<std::pair<double, std::string>> keys;
    for (lua_pushnil(state_); lua_next(state_, table); lua_pop(state_, 1)) {
      if (lua_type(state_, -2) == LUA_TSTRING) keys.emplace(0, text_at(state_, -2));
      if (lua_type(state_, -2) == LUA_TNUMBER) keys.emplace(lua_tonumber(state_, -2), "");
    }
    for (const auto& [place, name] : keys) {
      if (name.empty()) {
        lua_pushnumber(state_, place);
      } else {
        push_text(state_, name);
      }
      lua_rawget(state_, table);
      add_value(name.empty() ? show_number(place) : name);
      lua_pop(state_, 1);
    }
  }

  /// Empty where something could not be read.
  std::string finish() { return readable_ || reach_ == Reach::all ? hash_.finish() : std::string(); }

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
          add_table(at);
        } else if (reach_ == Reach::all && !lua_getmetatable(state_, at)) {
          add_text("table " + name);
          add_table(at);
        }
        lua_settop(state_, at);
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
    if (!counts(info.source)) return;
    const auto text = text_of(info);
    readable_ = readable_ && text.has_value();
    if (!text && reach_ == Reach::users) return;
    add_text("function " + name);
    add_text(text ? lines_of(*text, info.linedefined, info.lastlinedefined) : compiled(at));
    for (int i = 1; const char* captured = lua_getupvalue(state_, at, i); ++i) {
      add_value(captured);
      lua_pop(state_, 1);
    }
  }

  bool counts(const std::string& source) const {
    return is_users_code(source.c_str()) || (reach_ == Reach::all && source.starts_with("@models/"));
  }

  std::string compiled(int function) {
    lua_pushvalue(state_, function);
    const std::string code = dumped(state_);
    lua_pop(state_, 1);
    return code;
  }

  /// Of a whole chunk: the file, or the very text that was loaded.
  std::optional<std::string> text_of(const lua_Debug& info) {
    std::string source = info.source;
    if (source.starts_with("=")) return std::nullopt;
    if (!source.starts_with("@")) return source;
    if (const auto own = embedded(source.substr(1)); own.data()) return std::string(own);
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
  Reach reach_;
  Sha256 hash_;
  std::set<const void*> seen_;
  std::map<std::string, std::optional<std::string>> files_;
  bool readable_ = true;
};

}  // namespace

std::string dumped(lua_State* L) {
  std::string code;
  lua_dump(
      L,
      [](lua_State*, const void* part, size_t size, void* all) {
        static_cast<std::string*>(all)->append(static_cast<const char*>(part), size);
        return 0;
      },
      &code);
  return code;
}

std::string source_of_class(lua_State* L, int index, Reach reach) {
  Source source(L, reach);
  source.add_table(index < 0 ? lua_gettop(L) + 1 + index : index);
  return source.finish();
}

}  // namespace lumir::lua
