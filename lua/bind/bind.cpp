// Objects, arguments and the one guard between C++ exceptions and Lua errors.

#include "bind/bind.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <unordered_map>
#include <utility>

#include "bind/operators.h"
#include "bind/text.h"
#include "bind/way.h"
#include "core/names.h"
#include "core/text.h"

namespace lumir::lua {

/// What one Module adds to the table of its name.
struct Opening {
  struct Member {
    std::string name;  // "__call" for the module itself
    Function body;
    bool checks = false;  // its arguments, which waits until every entry is registered
  };
  std::string name;
  std::function<void(ModuleTable&)> open;
  std::vector<Member> members;
};

namespace {

struct BoundFunction {
  std::string name;
  Function body;
};

std::unordered_map<std::type_index, ClassInfo>& classes() {
  static std::unordered_map<std::type_index, ClassInfo> all;
  return all;
}
std::unordered_map<std::type_index, std::function<void(lua_State*, std::any)>>& any_pushers() {
  static std::unordered_map<std::type_index, std::function<void(lua_State*, std::any)>> all;
  return all;
}
std::vector<std::function<std::string(const std::exception&)>>& message_filters() {
  static std::vector<std::function<std::string(const std::exception&)>> all;
  return all;
}
std::deque<Opening>& openings() {
  static std::deque<Opening> all;
  return all;
}
Words words_of(const Describe& words, const std::string& own_example = "") {
  return {words.summary, words.returns, words.example.empty() ? own_example : words.example, words.source};
}

/// Pushes "recipe.lua:12: ", as luaL_where does, but of the nearest line that the user wrote.
void push_place(lua_State* L) {
  const std::string place = users_place(L);
  lua_pushstring(L, (place.empty() ? place : place + ": ").c_str());
}

/// What an error says, and who says so. Those of libraries do not tell, and have no words for what does not fit into
/// memory.
std::string said_of(const std::exception& problem, const std::string& who) {
  const bool too_much =
      dynamic_cast<const std::bad_alloc*>(&problem) || dynamic_cast<const std::length_error*>(&problem);
  const std::string text = too_much ? "there is not enough memory for this" : message_of(problem);
  const bool ours = dynamic_cast<const Error*>(&problem) || text.starts_with(who + ":");
  return visible(ours ? text : who + ": " + text);  // one line, whatever a user's name holds
}

thread_local lua_State* running = nullptr;

/// How many calls into the engine last within each other, as where a network calls itself. Lua bounds its own stack, not
/// that of the process.
constexpr int kDeepestCalls = 190;
thread_local int depth = 0;

class RunningHere {
 public:
  explicit RunningHere(lua_State* L) : before_(std::exchange(running, L)) { ++depth; }
  ~RunningHere() {
    running = before_;
    --depth;
  }
  RunningHere(const RunningHere&) = delete;
  RunningHere& operator=(const RunningHere&) = delete;

 private:
  lua_State* before_;
};

/// The border: C++ frames are gone before lua_error leaves.
int guard(lua_State* L) {
  {
    const auto* function = static_cast<const BoundFunction*>(lua_touserdata(L, lua_upvalueindex(1)));
    try {
      if (!function->body) throw Error("the session is closing");
      const RunningHere here(L);
      if (depth > kDeepestCalls) throw ArgumentError(function->name + ": nested too deep; does something call itself?");
      Call call(L, function->name);
      return function->body(call);
    } catch (const std::exception& problem) {
      const bool of_the_world = dynamic_cast<const Error*>(&problem) && !dynamic_cast<const ArgumentError*>(&problem);
      if (of_the_world) {
        lua_pushliteral(L, "");
      } else {
        push_place(L);
      }
      const std::string text = said_of(problem, function->name);
      lua_pushlstring(L, text.data(), text.size());
    }
  }
  lua_concat(L, 2);
  return lua_error(L);
}

/// The session closes while a finalizer may still call: the memory goes with the state, what it held goes now.
int let_function_go(lua_State* L) {
  // moved out: an empty one assigned to it would leave its name the memory that it has
  const BoundFunction gone = std::move(*static_cast<BoundFunction*>(lua_touserdata(L, 1)));
  return 0;
}

void push_function_metatable(lua_State* L) {
  static char key;  // its address names the metatable
  lua_pushlightuserdata(L, &key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, let_function_go);
  lua_setfield(L, -2, "__gc");
  lua_pushlightuserdata(L, &key);
  lua_pushvalue(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

/// A function value of Lua's that keeps `body`, the first thing that belongs to `guard`.
void push_bound(lua_State* L, std::string name, Function body) {
  new (lua_newuserdata(L, sizeof(BoundFunction))) BoundFunction{std::move(name), std::move(body)};
  push_function_metatable(L);
  lua_setmetatable(L, -2);
}

char class_key;  // its address is where a metatable has its class

const ClassInfo* class_of_metatable(lua_State* L, int index) {
  lua_pushlightuserdata(L, &class_key);
  lua_rawget(L, index < 0 ? index - 1 : index);
  const auto* info = static_cast<const ClassInfo*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  return info;
}

/// Keeps the function on top of the stack as the method that the key at 2 names: see read_member.
int kept_method(Call& call) {
  lua_pushvalue(call.L, 2);
  lua_pushvalue(call.L, -2);
  lua_rawset(call.L, lua_upvalueindex(2));
  return 1;
}

[[noreturn]] void refuse_member(const Call& call, const ClassInfo& info) {
  const void* object = lua_touserdata(call.L, 1);
  const std::string title = info.title ? info.title(object) : info.name;
  if (call.is_number(2) && info.metas.contains("__call") && !info.index) {
    throw ArgumentError(title + ": has no parts by place; it is called, or looped over: for ... in " +
                        info.type->variable + " do");
  }
  std::vector<std::string> names;
  for (const auto& [name, body] : info.fields) names.push_back(name);
  for (const auto& [name, body] : info.methods) names.push_back(name);
  if (info.more_names) {
    for (auto& name : info.more_names(object)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  const std::string key = call.is_text(2) ? call.text(2) : show(to_value(call.L, 2, info.name));
  throw ArgumentError(title + ": has no '" + key + "'" + known_names(key, names) +
                      (info.title ? "" : called_by_dot(call.L)));
}

int object_index(Call& call) {
  const ClassInfo* info = class_at(call.L, 1);
  if (!info) throw ArgumentError("a field of no object of ours was read");
  if (call.is_text(2)) {
    const std::string key = call.text(2);
    if (const auto field = info->fields.find(key); field != info->fields.end()) return field->second(call);
    if (const auto method = info->methods.find(key); method != info->methods.end()) {
      push_function(call.L, key, method->second);
      return kept_method(call);
    }
  }
  if (info->index) {
    const int pushed = info->index(call);
    const bool method = info->index_has_methods && pushed == 1 && call.is_text(2) && lua_iscfunction(call.L, -1);
    if (method) return kept_method(call);
    if (pushed > 0) return pushed;
  }
  refuse_member(call, *info);
}

/// object.name: methods that were read before stand in the table that is the second upvalue; all else is object_index.
int read_member(lua_State* L) {
  lua_pushvalue(L, 2);
  lua_rawget(L, lua_upvalueindex(2));
  if (!lua_isnil(L, -1)) return 1;
  lua_settop(L, 2);
  return guard(L);
}

int object_text(Call& call) {
  const ClassInfo* info = class_at(call.L, 1);
  const void* object = lua_touserdata(call.L, 1);
  return call.push(info->text ? info->text(object) : info->name);
}

int collect(lua_State* L) {
  const ClassInfo* info = class_at(L, 1);
  if (info) info->destroy(lua_touserdata(L, 1));
  return 0;
}

int module_missing(Call& call) {
  lua_getmetatable(call.L, 1);
  lua_getfield(call.L, -1, "__name");
  const std::string module = lua_tostring(call.L, -1);
  std::vector<std::string> names;
  for (lua_pushnil(call.L); lua_next(call.L, 1); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) == LUA_TSTRING) names.push_back(text_at(call.L, -2));
  }
  std::sort(names.begin(), names.end());
  const std::string key = call.is_text(2) ? call.text(2) : kind_at(call.L, 2);
  throw ArgumentError(module + "." + key + ": there is no such name" +
                      known_names(key, names, "there are", "there is"));
}

/// What a module is when it is printed: "module feature: 54 names; help 'feature' lists them".
int module_text(Call& call) {
  lua_getmetatable(call.L, 1);
  lua_getfield(call.L, -1, "__name");
  const std::string module = lua_tostring(call.L, -1);
  int count = 0;
  for (lua_pushnil(call.L); lua_next(call.L, 1); lua_pop(call.L, 1)) ++count;
  return call.push("module " + module + ": " + std::to_string(count) + " names; help '" + module + "' lists them");
}

Function without_self(Function body) {
  return [body = std::move(body)](Call& call) {
    lua_remove(call.L, 1);
    return body(call);
  };
}

/// The field of the table on top of the stack that is the table of a module; a new one is strict.
void push_part(lua_State* L, const std::string& field, const std::string& name) {
  lua_pushstring(L, field.c_str());
  lua_rawget(L, -2);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_newtable(L);
  lua_pushstring(L, name.c_str());
  lua_setfield(L, -2, "__name");
  push_function(L, name, module_missing);
  lua_setfield(L, -2, "__index");
  push_function(L, name, module_text);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, field.c_str());
}

/// The table of a module, in the table on top of the stack; "nn.init" is a part of nn.
void push_module(lua_State* L, const std::string& name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos) return push_part(L, name, name);
  push_module(L, name.substr(0, dot));
  push_part(L, name.substr(dot + 1), name);
  lua_remove(L, -2);
}

/// A function of a module as its entry declares it.
Function member_of(const std::string& module, const Opening::Member& member) {
  const Entry* entry = find_entry(module + "." + member.name);
  if (!entry) throw std::logic_error(module + "." + member.name + ": nothing says what it is");
  Function body = checked(*entry, entry->words.input.empty() ? 1 : 2, member.body);
  return member.name == "__call" ? without_self(std::move(body)) : body;
}

void open_module(lua_State* L, Opening& opening) {
  push_module(L, opening.name);
  if (opening.open) {
    ModuleTable module(L, opening.name);
    opening.open(module);
  }
  for (auto& member : opening.members) {
    if (!member.checks) member.body = member_of(opening.name, member);
    member.checks = true;
    const bool module_itself = member.name == "__call";
    if (!module_itself || !lua_getmetatable(L, -1)) lua_pushvalue(L, -1);
    lua_pushstring(L, member.name.c_str());
    push_function(L, module_itself ? opening.name : member.name, member.body);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

}  // namespace

ClassInfo* find_class(std::type_index type) {
  const auto found = classes().find(type);
  return found == classes().end() ? nullptr : &found->second;
}

ClassInfo& define_class(std::type_index type, const std::string& name, const std::string& summary,
                        const std::string& variable) {
  ClassInfo& info = classes()[type];
  info.name = name;
  info.type = &register_type(name, summary, variable);
  return info;
}

const Entry& describe_member(ClassInfo& info, const std::string& name, Form form, const Describe& words,
                             std::source_location where) {
  info.type->members[name] = form;
  const std::string own_example = form == Form::field ? info.type->variable + "." + name : "";
  return register_entry(info.name, name, words_of(words, own_example), words.parameters, where);
}

std::vector<std::string> member_names() {
  std::vector<std::string> names;
  for (const auto& [type, info] : classes()) {
    for (const auto* members : {&info.fields, &info.methods, &info.metas}) {
      for (const auto& [name, body] : *members) names.push_back(info.name + "." + name);
    }
    if (info.index) names.push_back(info.name + ".__index");
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string called_by_dot(lua_State* L) {
  lua_Debug caller;
  if (!lua_getstack(L, 1, &caller)) return "";
  const char* first = lua_getlocal(L, &caller, 1);
  if (!first) return "";
  const bool itself = std::string_view(first) == "self" && lua_rawequal(L, -1, 1);
  lua_pop(L, 1);
  return itself ? "; it is `self` here, where a method was called by a dot and not by a colon" : "";
}

void push_metatable(lua_State* L, const ClassInfo& info) {
  lua_pushlightuserdata(L, const_cast<ClassInfo*>(&info));
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushlightuserdata(L, &class_key);
  lua_pushlightuserdata(L, const_cast<ClassInfo*>(&info));
  lua_rawset(L, -3);
  lua_pushstring(L, info.name.c_str());
  lua_setfield(L, -2, "__name");
  push_bound(L, info.name, object_index);
  lua_newtable(L);
  lua_pushcclosure(L, read_member, 2);
  lua_setfield(L, -2, "__index");
  push_function(L, info.name, object_text);
  lua_setfield(L, -2, "__tostring");
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  for (const auto& [name, body] : info.metas) {
    push_function(L, info.name, body);
    lua_setfield(L, -2, name.c_str());
  }
  add_refusals(L, info);
  lua_pushlightuserdata(L, const_cast<ClassInfo*>(&info));
  lua_pushvalue(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

const ClassInfo* class_at(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return nullptr;
  const ClassInfo* info = class_of_metatable(L, -1);
  lua_pop(L, 1);
  return info;
}

void* test_object(lua_State* L, int index, const ClassInfo& info) {
  return class_at(L, index) == &info ? lua_touserdata(L, index) : nullptr;
}

void push_any(lua_State* L, std::any value) {
  const std::type_index type = value.type();
  const auto found = any_pushers().find(type);
  if (found != any_pushers().end()) return found->second(L, std::move(value));
  if (const auto* info = find_class(type)) return info->push_any(L, std::move(value));
  if (const auto* text = std::any_cast<std::string>(&value)) return push_value(L, *text);
  if (const auto* number = std::any_cast<double>(&value)) return push_value(L, *number);
  if (const auto* plain = std::any_cast<Value>(&value)) return push_value(L, *plain);
  throw std::logic_error(std::string("no way to Lua for ") + value.type().name());
}

std::string kind_at(lua_State* L, int index) {
  if (const ClassInfo* info = class_at(L, index)) return info->name;
  if (lua_type(L, index) == LUA_TSTRING) return "text";
  if (lua_isnone(L, index)) return "nothing";
  return luaL_typename(L, index);
}

std::string name_of_function(lua_State* L, int index) {
  if (lua_tocfunction(L, index) != guard || !lua_getupvalue(L, index, 1)) return "";
  const std::string name = static_cast<const BoundFunction*>(lua_touserdata(L, -1))->name;
  lua_pop(L, 1);
  return name;
}

lua_State* running_thread() { return running; }

void push_function(lua_State* L, std::string name, Function body) {
  push_bound(L, std::move(name), std::move(body));
  lua_pushcclosure(L, guard, 1);
}

void register_any_pusher(std::type_index type, std::function<void(lua_State*, std::any)> push) {
  any_pushers()[type] = std::move(push);
}

void ModuleTable::function(const std::string& name, Function body) {
  lua_pushstring(L, name.c_str());
  push_function(L, name, std::move(body));
  lua_rawset(L, -3);
}

Module::Module(const std::string& name, std::function<void(ModuleTable&)> open)
    : opening_(&openings().emplace_back(Opening{name, std::move(open), {}})) {}

Module& Module::function(const std::string& name, Function body, const Describe& words, Place where) {
  register_entry(opening_->name, name, words_of(words), words.parameters, where);
  return function(name, std::move(body));
}

Module& Module::function(const std::string& name, Function body) {
  opening_->members.push_back({name, std::move(body)});
  return *this;
}

Module& Module::call(Function body, const Describe& words, Place where) {
  return function("__call", std::move(body), words, where);
}

void push_modules(lua_State* L) {
  lua_newtable(L);
  for (auto& opening : openings()) open_module(L, opening);
}

void add_message_filter(std::function<std::string(const std::exception&)> filter) {
  message_filters().push_back(std::move(filter));
}

std::string message_of(const std::exception& problem) {
  for (const auto& filter : message_filters()) {
    if (std::string text = filter(problem); !text.empty()) return text;
  }
  return problem.what();
}

}  // namespace lumir::lua
