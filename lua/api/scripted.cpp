// nn.Module 'X': networks whose parts and forward are written in Lua.
//
//   local Scale = nn.Module 'Scale'
//   function Scale:init(n) self.by = nn.Parameter(torch.ones(n)); self.linear = nn.Linear(n, n) end
//   function Scale:forward(x) return self.linear(x) * self.by end
//   local net = Scale(64)
//
// A class is a table with its functions. An object is a Module like any other: parts and parameters are kept by the
// engine under their names, in the order in which init set them; all other fields lie in a table of Lua.
//
// What builds such a network again, in files and copies, is its class with the arguments of init: the class is looked for
// among those of the session by name and by the hash of its source.
//
// One that runs apart (net:step) has a Lua state of its own, into which its class is copied: so threads may call it, one
// at a time, while the session goes on.

#include <map>

#include "api/class_copy.h"
#include "api/class_source.h"
#include "api/scripted.h"
#include "api/tensor.h"
#include "bind/owned.h"
#include "bind/state.h"
#include "bind/text.h"
#include "core/text.h"
#include "nn/classes.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

/// The classes of a session, in the order in which they were made.
struct Classes {
  std::vector<std::weak_ptr<ScriptedClass>> all;
  std::unique_ptr<Held> tables;  // by number; they keep no class
  int made = 0;
};

/// Leaves the table of all class tables on the stack.
void push_tables(lua_State* L) {
  auto& tables = owned_by<Classes>(L).tables;
  if (tables) return tables->push();
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  tables = std::make_unique<Held>(L, lua_gettop(L));
}

/// Leaves the class's table on the stack; nil where Lua has let go of it.
void push_table(lua_State* L, const ScriptedClass& written) {
  push_tables(L);
  lua_rawgeti(L, -1, written.number);
  lua_remove(L, -2);
}

/// The tensors of the table on top of the stack by name.
std::map<std::string, at::Tensor> named_results(lua_State* L, const std::string& who) {
  std::map<std::string, at::Tensor> named;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    const auto* tensor = lua_type(L, -2) == LUA_TSTRING ? test_object<at::Tensor>(L, -1) : nullptr;
    if (!tensor) throw ArgumentError(who + ": the table that forward returns last must hold tensors by name");
    named[text_at(L, -2)] = *tensor;
  }
  return named;
}

/// The tensors from a stack position up to the top, and those of a table behind them by name. Without such a table true
/// lengths go on as they came: a later layer that they do not fit says so.
nn::Flow flow_from(lua_State* L, int first, const nn::Flow& input, const std::string& who) {
  nn::Flow flow;
  const auto lengths = input.named.find("lengths");
  if (lengths != input.named.end()) flow.named.insert(*lengths);
  const bool named = lua_gettop(L) > first && lua_istable(L, -1);
  if (named) flow.named = named_results(L, who);
  for (int i = first; i <= lua_gettop(L) - (named ? 1 : 0); ++i) {
    const auto* tensor = test_object<at::Tensor>(L, i);
    if (!tensor) throw ArgumentError(who + ": forward must return tensors, got " + kind_at(L, i));
    flow.tensors.push_back(*tensor);
  }
  if (flow.tensors.empty()) throw ArgumentError(who + ": forward returned nothing");
  return flow;
}

// How arguments of init stand in a file: plain values as they are, a network as { ["lumir network"] = description }; what
// cannot be kept as { ["lumir cannot keep"] = what it is }, which is said when the file is read.
constexpr const char* kNetwork = "lumir network";
constexpr const char* kNotKept = "lumir cannot keep";

Value kept_argument(const Value& value) {
  if (const auto* object = value.object()) {
    if (const auto* module = std::any_cast<ModulePtr>(object->get())) return Map{{kNetwork, (*module)->description()}};
    return Map{{kNotKept, "a tensor or another object"}};
  }
  if (const List* list = value.list()) {
    List kept;
    for (const auto& element : *list) kept.push_back(kept_argument(element));
    return kept;
  }
  if (const Map* map = value.map()) {
    Map kept;
    for (const auto& [name, element] : *map) kept[name] = kept_argument(element);
    return kept;
  }
  return value;
}

Value argument_of(const Value& kept, const std::string& title) {
  if (const List* list = kept.list()) {
    List arguments;
    for (const auto& element : *list) arguments.push_back(argument_of(element, title));
    return arguments;
  }
  const Map* map = kept.map();
  if (!map) return kept;
  if (const auto network = map->find(kNetwork); network != map->end()) {
    return Value(std::make_shared<const std::any>(nn::make_part(network->second)));
  }
  if (const auto lost = map->find(kNotKept); lost != map->end()) {
    throw ArgumentError("the class " + title + " was given " + show(lost->second) +
                        ", which neither files nor copies keep");
  }
  Map arguments;
  for (const auto& [name, element] : *map) arguments[name] = argument_of(element, title);
  return arguments;
}

/// One argument from the top of the stack.
Value kept_from_top(lua_State* L, const std::string& title) {
  try {
    return kept_argument(to_value(L, lua_gettop(L), title));
  } catch (const ArgumentError&) {
    return Map{{kNotKept, "a " + kind_at(L, -1)}};
  }
}

void settle_source(lua_State* L, ScriptedClass& written) {
  if (!written.source.empty()) return;
  push_table(L, written);
  written.source = source_of_class(L, -1);
  lua_pop(L, 1);
}

/// Pushes a network of a class whose init has run with the arguments of the table at a stack position.
nn::ModulePtr push_made(lua_State* L, const ClassPtr& written, int arguments) {
  settle_source(L, *written);
  push_table(L, *written);
  const auto object = std::make_shared<Scripted>(L, *find_entry("nn.Module"), written, lua_gettop(L), arguments);
  lua_getfield(L, arguments, "n");
  const int count = static_cast<int>(lua_tointeger(L, -1));
  lua_pop(L, 1);
  push_object<ModulePtr>(L, object);
  const int self = lua_gettop(L);
  object->push_class();
  lua_getfield(L, -1, "init");
  lua_remove(L, -2);
  if (lua_isnil(L, -1)) {
    if (count > 0) throw ArgumentError(written->title + ": has no function init to take arguments");
    lua_pop(L, 1);
    return object;
  }
  luaL_checkstack(L, count + 4, "too many arguments");
  lua_pushvalue(L, self);
  for (int i = 1; i <= count; ++i) lua_rawgeti(L, arguments, i);
  lua_call(L, count + 1, 0);
  return object;
}

/// Class(...): the class itself comes first.
int make_object(Call& call, const ClassPtr& written) {
  const int count = call.count() - 1;
  lua_createtable(call.L, count, 1);
  const int arguments = lua_gettop(call.L);
  for (int i = 1; i <= count; ++i) {
    lua_pushvalue(call.L, i + 1);
    lua_rawseti(call.L, arguments, i);
  }
  lua_pushinteger(call.L, count);
  lua_setfield(call.L, arguments, "n");
  push_made(call.L, written, arguments);
  return 1;
}

/// function ViT:forward(x) ... end
int set_class_field(Call& call, const std::string& title) {
  if (call.is_text(2)) refuse_taken(title, call.text(2));
  lua_rawset(call.L, 1);
  return 0;
}

/// nn.Module 'ViT': a class, a table with functions.
int make_class(Call& call) {
  auto& classes = owned_by<Classes>(call.L);
  const std::string title = call.text(1, "name");
  if (title.empty() || visible(title) != title) {
    throw ArgumentError("Module: 'name' must be a name that can be printed, got " + show(Value(title)));
  }
  const auto written = std::make_shared<ScriptedClass>(ScriptedClass{title, ++classes.made});
  std::erase_if(classes.all, [](const auto& one) { return one.expired(); });
  classes.all.push_back(written);
  lua_newtable(call.L);
  push_tables(call.L);
  lua_pushvalue(call.L, -2);
  lua_rawseti(call.L, -2, written->number);
  lua_pop(call.L, 1);
  lua_newtable(call.L);
  push_function(call.L, written->title, [written](Call& made) { return make_object(made, written); });
  lua_setfield(call.L, -2, "__call");
  push_function(call.L, written->title, [written](Call& set) { return set_class_field(set, written->title); });
  lua_setfield(call.L, -2, "__newindex");
  push_function(call.L, written->title, [written](Call& shown) { return shown.push("class " + written->title); });
  lua_setfield(call.L, -2, "__tostring");
  lua_pushstring(call.L, written->title.c_str());
  lua_setfield(call.L, -2, "__name");
  lua_pushboolean(call.L, 1);
  lua_setfield(call.L, -2, kClassMark);
  lua_setmetatable(call.L, -2);
  return 1;
}

const Module scripted_module = Module("nn").function(
    "Module", make_class,
    {.summary = "A class of networks that is written in Lua: give it `init`, which sets parts and "
                "parameters, and `forward`, then call it for a network.",
     .returns = "a class: a table that makes Modules when it is called; where forward returns a table "
                "of tensors behind its results, later layers take them by name ({ lengths = l })",
     .example = "nn.Module 'ViT'",
     .source = "torch.nn.Module",
     .parameters = {argument("name", "text", "of the class, as networks of it print")}});

bool has_table(lua_State* L, const ScriptedClass& written) {
  push_table(L, written);
  const bool there = lua_istable(L, -1);
  lua_pop(L, 1);
  return there;
}

/// Calls something with a Lua state whose errors are thrown as ours.
void within(lua_State* L, const std::function<void()>& something) {
  const int top = lua_gettop(L);
  push_function(L, "step", [&something](Call&) { return something(), 0; });
  if (lua_pcall(L, 0, 0, 0) == 0) return;
  const std::string problem = lua_tostring(L, -1) ? lua_tostring(L, -1) : "an error without words";
  lua_settop(L, top);
  throw ArgumentError(problem);
}

ModulePtr build_of_class(lua_State* L, const Map& options, bool allow_changed, nn::Runs where);

/// A network of the class on top of the stack in a Lua state of its own, which is closed with it.
ModulePtr build_apart(lua_State* L, const Map& options) {
  const std::shared_ptr<lua_State> apart = open_state();
  lua_State* const to = apart.get();
  ModulePtr made;
  within(to, [&] {
    lua_getglobal(to, "require");
    lua_pushliteral(to, "lumir");
    lua_call(to, 1, 0);
    push_copied_class(L, lua_gettop(L), to);
    made = build_of_class(to, options, /*allow_changed=*/true, nn::Runs::here);
  });
  std::dynamic_pointer_cast<Scripted>(made)->set_apart();
  nn::Module* const module = made.get();
  return {module, [made, apart](nn::Module*) {}};
}

/// A class of the session by its title, and the one among those that was written in this way; null where there is none.
struct Found {
  ClassPtr named, same;
};

Found find_class(lua_State* L, const std::string& title, const std::string& source) {
  Found found;
  for (const auto& held : owned_by<Classes>(L).all) {
    const ClassPtr one = held.lock();
    if (!one || one->title != title || !has_table(L, *one)) continue;
    settle_source(L, *one);
    found.named = one;
    if (!source.empty() && one->source == source) found.same = one;
  }
  return found;
}

/// "models.ecapa" of a class that the program's own file of that name defines, which whoever lacks it may require.
std::string module_of_class(lua_State* L, const ScriptedClass& written) {
  std::string module;
  push_table(L, written);
  lua_getfield(L, -1, "forward");
  if (lua_isfunction(L, -1) && !lua_iscfunction(L, -1)) {
    lua_Debug info{};
    lua_getinfo(L, ">S", &info);
    module = info.source;
  } else {
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  const bool own = module.starts_with("@models/") && module.ends_with(".lua");
  return own ? "models." + module.substr(8, module.size() - 12) : "";
}

/// Requires the file of models/ that a description names, so that its classes are there.
void require_module(lua_State* L, const std::string& module) {
  if (!module.starts_with("models.") || module.find_first_of("/\\") != std::string::npos) return;
  lua_getglobal(L, "require");
  lua_pushlstring(L, module.data(), module.size());
  lua_call(L, 1, 0);
}

ModulePtr build_of_class(lua_State* L, const Map& options, bool allow_changed, nn::Runs where) {
  const auto word = [&](const char* name) {
    const auto found = options.find(name);
    return found == options.end() || !found->second.text() ? std::string() : *found->second.text();
  };
  const std::string title = word("class"), source = word("source");
  Found found = find_class(L, title, source);
  if (!found.named) {
    require_module(L, word("module"));
    found = find_class(L, title, source);
  }
  const auto& [named, same] = found;
  if (!named) {
    throw ArgumentError("the class " + title +
                        " is written in Lua; code = FILE (--code=FILE.lua) names what defines it");
  }
  if (!same && !allow_changed) {
    const auto shown = [](const std::string& hash) { return hash.empty() ? "unknown" : hash.substr(0, 12); };
    throw ArgumentError("the class " + title + " was written otherwise (source " + shown(source) + ", here " +
                        shown(named->source) + "); allow_changed = true (--allow-changed) takes it all the same");
  }
  if (where == nn::Runs::apart) {
    push_table(L, same ? *same : *named);
    ModulePtr made = build_apart(L, options);
    lua_pop(L, 1);
    return made;
  }
  const auto kept = options.find("arguments");
  const List* list = kept == options.end() ? nullptr : kept->second.list();
  const int count = list ? static_cast<int>(list->size()) : 0;
  const int top = lua_gettop(L);
  lua_createtable(L, count, 1);
  for (int i = 0; i < count; ++i) {
    push_value(L, argument_of((*list)[static_cast<size_t>(i)], title));
    lua_rawseti(L, top + 1, i + 1);
  }
  lua_pushinteger(L, count);
  lua_setfield(L, top + 1, "n");
  ModulePtr made = push_made(L, same ? same : named, top + 1);
  lua_settop(L, top);
  return made;
}

}  // namespace

nn::Flow Scripted::flow(const nn::Flow& input) {
  if (!apart_) return called(input);
  nn::Flow output;
  within(thread(), [&] { output = called(input); });
  return output;
}

std::string Scripted::source() const {
  lua_State* const L = thread();
  push_class();
  std::string source = source_of_class(L, -1, Reach::all);
  lua_pop(L, 1);
  return source;
}

nn::Flow Scripted::called(const nn::Flow& input) {
  lua_State* L = fields_.thread();
  const int top = lua_gettop(L);
  luaL_checkstack(L, static_cast<int>(input.tensors.size()) + 8, "too many tensors");
  push_class();
  lua_getfield(L, -1, "forward");
  lua_remove(L, -2);
  if (!lua_isfunction(L, -1)) {
    lua_settop(L, top);
    throw ArgumentError(title() + ": has no function forward (function " + title() + ":forward(x) ... end)");
  }
  push_object<ModulePtr>(L, shared_from_this());
  for (const auto& tensor : input.tensors) push_tensor(L, tensor);
  int arguments = static_cast<int>(input.tensors.size()) + 1;
  if (!input.named.empty()) {
    lua_newtable(L);
    for (const auto& [name, tensor] : input.named) {
      push_tensor(L, tensor);
      set_member(L, -2, name);
    }
    ++arguments;
  }
  lua_call(L, arguments, LUA_MULTRET);
  nn::Flow output = flow_from(L, top + 1, input, title());
  lua_settop(L, top);
  return output;
}

Map Scripted::describe() const {
  lua_State* L = arguments_.thread();
  arguments_.push();
  lua_getfield(L, -1, "n");
  const int count = static_cast<int>(lua_tointeger(L, -1));
  lua_pop(L, 1);
  List kept;
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, -1, i);
    kept.push_back(kept_from_top(L, title()));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  Map options{{"class", title()}, {"source", class_->source}, {"arguments", kept}};
  if (const std::string module = module_of_class(L, *class_); !module.empty()) options["module"] = module;
  return {{"name", entry().full_name()}, {"options", options}};
}

void push_classes(lua_State* L) {
  const auto& all = owned_by<Classes>(L).all;
  luaL_checkstack(L, static_cast<int>(all.size()) + 2, "too many classes");
  for (const auto& held : all) {
    if (const ClassPtr one = held.lock()) push_table(L, *one);
  }
}

nn::BuildClass builder_of_classes(lua_State* L, bool allow_changed) {
  return [L, allow_changed](const Map& options, nn::Runs where) {
    return build_of_class(L, options, allow_changed, where);
  };
}

}  // namespace lumir::lua
