// Walks Lua's stack where an error is thrown, before it is unwound.

#include "bind/way.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "bind/state.h"
#include "core/file.h"
#include "core/text.h"

namespace lumir::lua {
namespace {

constexpr size_t kDeepest = 1000;  // a recursion without end shows enough by then

Stop stop_at(lua_State* L, lua_Debug& call) {
  lua_getinfo(L, "Sln", &call);
  Stop stop{.file = "", .line = call.currentline, .function = call.name ? call.name : "", .users = false};
  if (*call.what == 'C') return stop;
  stop.file = *call.source == '@' || *call.source == '=' ? call.source + 1 : "";
  stop.users = *call.source == '@' && is_users_code(call.source);
  return stop;
}

constexpr const char* kFrames = "lumir.frames";  // in the registry: a list, or nil where none are kept

/// Adds what the variables of a call hold to the frame on top of the stack.
void keep_locals(lua_State* L, lua_Debug& call) {
  lua_newtable(L);
  lua_newtable(L);
  int count = 0;
  const char* name = nullptr;
  for (int i = 1; (name = lua_getlocal(L, &call, i)) != nullptr; ++i) {
    if (*name == '(') {  // of the interpreter's own
      lua_pop(L, 1);
      continue;
    }
    ++count;
    lua_rawseti(L, -2, count);
    lua_pushstring(L, name);
    lua_rawseti(L, -3, count);
  }
  lua_setfield(L, -3, "values");
  lua_setfield(L, -2, "names");
}

void keep_frames_of(lua_State* L) {
  constexpr int kMost = 50;
  lua_getfield(L, LUA_REGISTRYINDEX, kFrames);
  const bool wanted = lua_istable(L, -1);
  lua_pop(L, 1);
  if (!wanted || !lua_checkstack(L, 10)) return;
  lua_newtable(L);
  lua_Debug call;
  int count = 0;
  for (int level = 1; count < kMost && lua_getstack(L, level, &call); ++level) {
    lua_getinfo(L, "Sln", &call);
    if (*call.what == 'C' || !is_users_code(call.source)) continue;
    lua_newtable(L);
    lua_pushfstring(L, "%s:%d", call.short_src, call.currentline);
    lua_setfield(L, -2, "place");
    lua_pushstring(L, call.name ? call.name : "");
    lua_setfield(L, -2, "name");
    keep_locals(L, call);
    lua_rawseti(L, -2, ++count);
  }
  lua_setfield(L, LUA_REGISTRYINDEX, kFrames);
}

/// The error stays what it is; no C++ exception may leave from here.
int keep_way(lua_State* L) {
  auto& way = *static_cast<Way*>(lua_touserdata(L, lua_upvalueindex(1)));
  keep_frames_of(L);
  way.clear();
  lua_Debug call;
  try {
    for (int level = 1; way.size() < kDeepest && lua_getstack(L, level, &call); ++level) {
      way.push_back(stop_at(L, call));
    }
  } catch (const std::bad_alloc&) {
    way.clear();
  }
  return 1;
}

/// What stands in a line of a file, without the spaces around it; nothing where that cannot be read any more.
std::string code_at(const std::string& file, int line) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(file, problem)) return "";
  const std::string text = read_file(file);
  size_t begin = 0;
  for (int i = 1; i < line && begin != std::string::npos; ++i) {
    begin = text.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return "";
  const std::string found = text.substr(begin, text.find('\n', begin) - begin);
  const size_t first = found.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : found.substr(first, found.find_last_not_of(" \t\r") + 1 - first);
}

std::string place_of(const Stop& stop) {
  return stop.file.empty() ? "(engine)" : visible(stop.file) + ":" + std::to_string(stop.line);
}

/// The same line several times in a row, as a recursion leaves it.
struct Passed {
  Stop stop;
  size_t times = 1;
};

std::vector<Passed> passed(const Way& way, bool only_users) {
  std::vector<Passed> found;
  for (const Stop& stop : way) {
    if (only_users && !stop.users) continue;
    const bool again = !found.empty() && place_of(found.back().stop) == place_of(stop) && !stop.file.empty();
    if (again) {
      ++found.back().times;
    } else {
      found.push_back({stop});
    }
  }
  return found;
}

/// Places under each other, and behind them what stands there or what was called.
std::string laid_out(const std::vector<Passed>& stops) {
  constexpr size_t kWidest = 100;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [stop, times] : stops) {
    const std::string called = stop.function.empty() ? "" : "in " + stop.function;
    std::string what = cut(visible(stop.users ? code_at(stop.file, stop.line) : called), kWidest);
    if (times > 1) what += "   (" + std::to_string(times) + " times)";
    rows.push_back({"  " + place_of(stop), what});
  }
  return text_table(rows, {});
}

}  // namespace

void push_way_keeper(lua_State* L, Way& way) {
  lua_pushlightuserdata(L, &way);
  lua_pushcclosure(L, keep_way, 1);
}

void keep_frames(lua_State* L) {
  lua_newtable(L);
  lua_setfield(L, LUA_REGISTRYINDEX, kFrames);
}

void push_frames(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, kFrames);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
}

std::string users_place(lua_State* L) {
  lua_Debug caller;
  for (int level = 1; lua_getstack(L, level, &caller); ++level) {
    lua_getinfo(L, "Sl", &caller);
    if (*caller.what == 'C' || !is_users_code(caller.source)) continue;
    return caller.currentline > 0 ? std::string(caller.short_src) + ":" + std::to_string(caller.currentline) : "";
  }
  return "";
}

std::string short_way(const Way& way) {
  constexpr size_t kShown = 3;
  std::vector<Passed> stops = passed(way, true);
  if (stops.size() < 2 && (stops.empty() || stops[0].times < 2)) return "";
  const size_t more = stops.size() > kShown ? stops.size() - kShown : 0;
  stops.resize(stops.size() - more);
  const std::string rest = more ? "  ... and " + std::to_string(more) + " more; --traceback shows all\n" : "";
  return laid_out(stops) + rest;
}

std::string whole_way(const Way& way) {
  return laid_out(passed(way, false)) + (way.size() == kDeepest ? "  ...\n" : "");
}

bool is_users_code(const char* source) {
  const std::string_view name = source;
  if (name == kOwnChunk) return false;
  return !name.starts_with("@") || embedded(name.substr(1)).data() == nullptr;
}

}  // namespace lumir::lua
