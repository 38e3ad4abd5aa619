// nn.Module 'X': networks whose parts and forward are written in Lua.
//
//   local Scale = nn.Module 'Scale'
//   function Scale:init(n) self.by = nn.Parameter(torch.ones(n)); self.linear = nn.Linear(n, n) end
//   function Scale:forward(x) return self.linear(x) * self.by end
//   local net = Scale(64)
//
// A class is a table with its functions. An object is a Module like any other: parts and parameters are kept by the
// engine under their names, in the order in which init set them; all other fields lie in a table of Lua.

#include <algorithm>
#include <map>

#include "api/nn.h"
#include "api/tensor.h"
#include "bind/held.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

class Scripted final : public nn::Module {
 public:
  Scripted(lua_State* L, const Entry& entry, std::string title, int class_at)
      : Module(entry), title_(std::move(title)), class_(L, class_at), fields_(L, new_table(L)) {
    lua_pop(L, 1);
  }
  Map options() const override { return {{"class", title_}}; }
  const std::string& title() const override { return title_; }

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
  void push_class() const { class_.push(); }

 protected:
  nn::Flow flow(const nn::Flow& input) override;

 private:
  static int new_table(lua_State* L) {
    lua_newtable(L);
    return lua_gettop(L);
  }
  std::string title_;
  Held class_, fields_;
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
  lua_State* L = class_.thread();
  const int top = lua_gettop(L);
  luaL_checkstack(L, static_cast<int>(input.tensors.size()) + 8, "too many tensors");
  class_.push();
  lua_getfield(L, -1, "forward");
  lua_remove(L, -2);
  if (!lua_isfunction(L, -1)) {
    lua_settop(L, top);
    throw ArgumentError(title_ + ": has no function forward (function " + title_ + ":forward(x) ... end)");
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
  nn::Flow output = flow_from(L, top + 1, input, title_);
  lua_settop(L, top);
  return output;
}

Scripted* scripted_at(Call& call, int i) {
  auto* module = test_object<ModulePtr>(call.L, i);
  return module ? dynamic_cast<Scripted*>(module->get()) : nullptr;
}

/// Class(...): an object whose init has run.
int make_object(Call& call, const Entry& entry, const std::string& title) {
  const auto object = std::make_shared<Scripted>(call.L, entry, title, 1);
  const int arguments = call.count() - 1;
  push_object<ModulePtr>(call.L, object);
  const int self = lua_gettop(call.L);
  lua_getfield(call.L, 1, "init");
  if (lua_isnil(call.L, -1)) {
    if (arguments > 0) throw ArgumentError(title + ": has no function init to take arguments");
    lua_pop(call.L, 1);
    return 1;
  }
  lua_pushvalue(call.L, self);
  for (int i = 2; i <= arguments + 1; ++i) lua_pushvalue(call.L, i);
  lua_call(call.L, arguments + 1, 0);
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
  const std::string title = call.text(1, "name");
  const Entry& entry = *find_entry("nn.Module");
  lua_newtable(call.L);
  lua_newtable(call.L);
  push_function(call.L, title, [&entry, title](Call& made) { return make_object(made, entry, title); });
  lua_setfield(call.L, -2, "__call");
  push_function(call.L, title, [title](Call& set) { return set_class_field(set, title); });
  lua_setfield(call.L, -2, "__newindex");
  lua_pushstring(call.L, title.c_str());
  lua_setfield(call.L, -2, "__name");
  lua_setmetatable(call.L, -2);
  return 1;
}

bool holds_modules(lua_State* L, int table) {
  bool found = false;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) found |= test_object<ModulePtr>(L, lua_gettop(L)) != nullptr;
  return found;
}

int parameter(Call& call) { return call.push(SlotValue{call.object<at::Tensor>(1, "tensor").detach().clone()}); }

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

int set_field(Call& call) {
  Scripted* object = scripted_at(call, 1);
  const std::string name = call.is_text(2) ? call.text(2) : show(call.value(2));
  if (!object) {
    throw ArgumentError(call.object<ModulePtr>(1)->title() + ": '" + name +
                        "' cannot be set; a network with fields of its own is written with nn.Module");
  }
  refuse_taken(object->title(), name);
  if (const auto* part = test_object<ModulePtr>(call.L, 3)) {
    set_plain(call, *object);
    object->set_part(name, *part);
    return 0;
  }
  if (const auto* slot = test_object<SlotValue>(call.L, 3)) {
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
