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

#include <algorithm>
#include <map>

#include "api/class_source.h"
#include "api/nn.h"
#include "api/tensor.h"
#include "bind/held.h"
#include "bind/owned.h"
#include "core/text.h"
#include "nn/classes.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

/// A class that nn.Module has made. It lives as long as its table in Lua, or a network of it.
struct ScriptedClass {
  std::string title;
  int number;               // its table's, among those of the session
  std::string source = {};  // its hash; of how it was when the first network of it was made
};
using ClassPtr = std::shared_ptr<ScriptedClass>;

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

class Scripted final : public nn::Module {
 public:
  /// `table` is the class's; `arguments` is where a table of what init was given stands, with their count under "n".
  Scripted(lua_State* L, const Entry& entry, ClassPtr written, int table, int arguments)
      : Module(entry),
        class_(std::move(written)),
        table_(L, table),
        fields_(L, new_table(L)),
        arguments_(L, arguments) {
    lua_pop(L, 1);
  }
  Map options() const override { return {{"class", class_->title}}; }
  const std::string& title() const override { return class_->title; }

  void set_part(const std::string& name, ModulePtr part) {
    if (slot(name)) remove(name);
    replace_child(name, std::move(part));
  }
  void set_slot(const std::string& name, const SlotValue& value) {
    if (part(name)) remove(name);
    at::Tensor& member = tensors_[name];
    if (value.trained) {
      add_parameter(name, member, value.tensor);
    } else {
      add_buffer(name, member, value.tensor, value.persistent);
    }
  }
  void remove(const std::string& name) {
    remove_part(name);
    tensors_.erase(name);
  }
  /// What stands under a name; null for nothing of the kind.
  ModulePtr part(const std::string& name) const {
    for (const auto& child : children()) {
      if (child.name == name) return child.module;
    }
    return nullptr;
  }
  const nn::Slot* slot(const std::string& name) const {
    const auto same = [&](const nn::Slot& one) { return one.name == name; };
    const auto found = std::find_if(slots().begin(), slots().end(), same);
    return found == slots().end() ? nullptr : &*found;
  }
  void push_fields() const { fields_.push(); }
  void push_class() const { table_.push(); }
  lua_State* thread() const { return fields_.thread(); }

 protected:
  Map describe() const override;
  nn::Flow flow(const nn::Flow& input) override;

 private:
  static int new_table(lua_State* L) {
    lua_newtable(L);
    return lua_gettop(L);
  }
  ClassPtr class_;
  Held table_, fields_, arguments_;
  std::map<std::string, at::Tensor> tensors_;
};

/// The tensors of the table on top of the stack by name.
std::map<std::string, at::Tensor> named_results(lua_State* L, const std::string& who) {
  std::map<std::string, at::Tensor> named;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    const auto* tensor = lua_type(L, -2) == LUA_TSTRING ? test_object<at::Tensor>(L, -1) : nullptr;
    if (!tensor) throw ArgumentError(who + ": the table that forward returns last must hold tensors by name");
    named[lua_tostring(L, -2)] = *tensor;
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

nn::Flow Scripted::flow(const nn::Flow& input) {
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
      lua_setfield(L, -2, name.c_str());
    }
    ++arguments;
  }
  lua_call(L, arguments, LUA_MULTRET);
  nn::Flow output = flow_from(L, top + 1, input, title());
  lua_settop(L, top);
  return output;
}

Scripted* scripted_at(Call& call, int i) {
  auto* module = test_object<ModulePtr>(call.L, i);
  return module ? dynamic_cast<Scripted*>(module->get()) : nullptr;
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
  return {{"name", entry().full_name()},
          {"options", Map{{"class", title()}, {"source", class_->source}, {"arguments", kept}}}};
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

/// Throws where a name is one that every Module has: what a user would put there is never read.
void refuse_taken(const std::string& who, const std::string& name) {
  const ClassInfo* info = find_class(typeid(ModulePtr));
  if (!info->fields.contains(name) && !info->methods.contains(name)) return;
  throw ArgumentError(who + ": every Module has a '" + name + "' of its own; another name is needed");
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
  lua_pushstring(call.L, written->title.c_str());
  lua_setfield(call.L, -2, "__name");
  lua_pushboolean(call.L, 1);
  lua_setfield(call.L, -2, kClassMark);
  lua_setmetatable(call.L, -2);
  return 1;
}

bool holds_modules(lua_State* L, int table) {
  bool found = false;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) found |= test_object<ModulePtr>(L, lua_gettop(L)) != nullptr;
  return found;
}

int parameter(Call& call) {
  const auto& values = call.object<at::Tensor>(1, "tensor");
  if (!values.is_floating_point() && !values.is_complex()) {
    throw ArgumentError("Parameter: is trained, so it holds fractions; got " +
                        tensor::dtype_name(values.scalar_type()));
  }
  return call.push(SlotValue{values.detach().clone()});
}

struct BufferOptions {
  bool persistent = true;
  static Schema schema() {
    return {Option{"persistent", &BufferOptions::persistent, "part of the state that files keep"}};
  }
};

int buffer(Call& call) {
  const auto options = call.options<BufferOptions>(2);
  return call.push(SlotValue{call.object<at::Tensor>(1, "tensor").detach().clone(), false, options.persistent});
}

const Class<SlotValue> slot_class =
    Class<SlotValue>("Parameter", "A tensor that is to be a part of a network: see nn.Parameter and nn.Buffer.", "part")
        .text([](const SlotValue& value) { return std::string(value.trained ? "Parameter" : "Buffer"); });

const Module scripted_module =
    Module("nn")
        .function("Module", make_class,
                  {.summary = "A class of networks that is written in Lua: give it `init`, which sets parts and "
                              "parameters, and `forward`, then call it for a network.",
                   .returns = "a class: a table that makes Modules when it is called; where forward returns a table "
                              "of tensors behind its results, later layers take them by name ({ lengths = l })",
                   .example = "nn.Module 'ViT'",
                   .source = "torch.nn.Module",
                   .parameters = {argument("name", "text", "of the class, as networks of it print")}})
        .function("Parameter", parameter,
                  {.summary = "A tensor that optimisers change, to be set as a field of a network that is written in "
                              "Lua; read from there it is a Tensor.",
                   .returns = "a Parameter, a copy of the tensor",
                   .example = "nn.Parameter(torch.zeros { 1, 4 })",
                   .source = "torch.nn.Parameter",
                   .parameters = {argument("tensor", "Tensor", "its values to begin with")}})
        .function("Buffer", buffer,
                  {.summary = "A tensor that moves and is kept with a network, but is not trained.",
                   .returns = "a Parameter, a copy of the tensor",
                   .example = "nn.Buffer(torch.zeros(4), { persistent = false })",
                   .source = "torch.nn.Module.register_buffer",
                   .parameters = with_arguments({argument("tensor", "Tensor", "its values to begin with")},
                                                schema_of<BufferOptions>())});

/// Names of parts and parameters stand in states with dots between them.
void check_name(const Scripted& object, const std::string& name) {
  if (!name.empty() && name.find('.') == std::string::npos) return;
  throw ArgumentError(object.title() + ": a part cannot be called '" + name + "': names have no dot and are not empty");
}

/// Among the fields that are neither parts nor parameters: the value, or nothing where it is one of those.
void set_plain(Call& call, Scripted& object) {
  const bool kept_elsewhere = call.is<ModulePtr>(3) || call.is<SlotValue>(3);
  object.push_fields();
  lua_pushvalue(call.L, 2);
  if (kept_elsewhere) {
    lua_pushnil(call.L);
  } else {
    lua_pushvalue(call.L, 3);
  }
  lua_rawset(call.L, -3);
}

/// A plain value where a part, a parameter or a buffer stands: nil takes it out, a tensor gives a buffer new numbers.
/// Answers false where none stands there.
bool set_over(Call& call, Scripted& object, const std::string& name) {
  const nn::Slot* slot = object.slot(name);
  if (!slot && !object.part(name)) return false;
  if (call.is_nil(3)) return object.remove(name), true;
  if (slot && !slot->trained) {
    if (const auto* tensor = test_object<at::Tensor>(call.L, 3)) return *slot->tensor = tensor->detach(), true;
  }
  const std::string what = !slot ? "a part" : slot->trained ? "a Parameter" : "a Buffer";
  const std::string wanted = !slot ? "a Module" : slot->trained ? "nn.Parameter(...)" : "a Tensor or nn.Buffer(...)";
  throw ArgumentError(object.title() + ": '" + name + "' is " + what + ", whose place " + wanted +
                      " or nil can take, got " + kind_at(call.L, 3));
}

}  // namespace

namespace {

bool has_table(lua_State* L, const ScriptedClass& written) {
  push_table(L, written);
  const bool there = lua_istable(L, -1);
  lua_pop(L, 1);
  return there;
}

ModulePtr build_of_class(lua_State* L, const Map& options, bool allow_changed) {
  const auto word = [&](const char* name) {
    const auto found = options.find(name);
    return found == options.end() || !found->second.text() ? std::string() : *found->second.text();
  };
  const std::string title = word("class"), source = word("source");
  ClassPtr named, same;
  for (const auto& held : owned_by<Classes>(L).all) {
    const ClassPtr one = held.lock();
    if (!one || one->title != title || !has_table(L, *one)) continue;
    settle_source(L, *one);
    named = one;
    if (!source.empty() && one->source == source) same = one;
  }
  if (!named) {
    throw ArgumentError("the class " + title +
                        " is written in Lua; code = FILE (--code=FILE.lua) names what defines it");
  }
  if (!same && !allow_changed) {
    const auto shown = [](const std::string& hash) { return hash.empty() ? "unknown" : hash.substr(0, 12); };
    throw ArgumentError("the class " + title + " was written otherwise (source " + shown(source) + ", here " +
                        shown(named->source) + "); allow_changed = true (--allow-changed) takes it all the same");
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

nn::BuildClass builder_of_classes(lua_State* L, bool allow_changed) {
  return [L, allow_changed](const Map& options) { return build_of_class(L, options, allow_changed); };
}

int set_field(Call& call) {
  Scripted* object = scripted_at(call, 1);
  const std::string name = call.is_text(2) ? call.text(2) : show(call.value(2));
  if (!object) {
    throw ArgumentError(call.object<ModulePtr>(1)->title() + ": '" + name +
                        "' cannot be set; a network with fields of its own is written with nn.Module");
  }
  refuse_taken(object->title(), name);
  if (const auto* part = test_object<ModulePtr>(call.L, 3)) {
    check_name(*object, name);
    object->set_part(name, *part);
    set_plain(call, *object);
    return 0;
  }
  if (const auto* slot = test_object<SlotValue>(call.L, 3)) {
    check_name(*object, name);
    set_plain(call, *object);
    object->set_slot(name, *slot);
    return 0;
  }
  if (set_over(call, *object, name)) return 0;
  if (call.is_table(3) && holds_modules(call.L, 3)) {
    throw ArgumentError(object->title() + ": '" + name +
                        "' is a list of modules, whose parameters nobody would see; nn.ModuleList { ... } holds them");
  }
  set_plain(call, *object);
  return 0;
}

std::vector<std::string> field_names(const nn::Module& module) {
  const auto* object = dynamic_cast<const Scripted*>(&module);
  std::vector<std::string> names;
  if (!object) return names;
  lua_State* const L = object->thread();
  object->push_fields();
  object->push_class();
  for (const int table : {lua_gettop(L) - 1, lua_gettop(L)}) {
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
      if (lua_type(L, -2) == LUA_TSTRING) names.emplace_back(lua_tostring(L, -2));
    }
  }
  lua_pop(L, 2);
  return names;
}

int push_field(Call& call, nn::Module& module, const std::string& name) {
  auto* object = dynamic_cast<Scripted*>(&module);
  if (!object) return 0;
  object->push_fields();
  lua_getfield(call.L, -1, name.c_str());
  if (!lua_isnil(call.L, -1)) return 1;
  object->push_class();
  lua_getfield(call.L, -1, name.c_str());
  return lua_isnil(call.L, -1) ? 0 : 1;
}

}  // namespace lumir::lua
