// nn.Module 'X': networks whose parts and forward are written in Lua.
//
//   local Scale = nn.Module 'Scale'
//   function Scale:init(n) self.by = nn.Parameter(torch.ones(n)); self.linear = nn.Linear(n, n) end
//   function Scale:forward(x) return self.linear(x) * self.by end
//   local net = Scale(64)
//
// A class is a table with its functions. An object is a Module like any other: parts and parameters are kept by the
// engine under their names, in the order in which init set them; all other fields lie in a table of Lua.

#include <deque>
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

  void set_part(const std::string& name, ModulePtr part) { replace_child(name, std::move(part)); }
  void set_slot(const std::string& name, const SlotValue& value) {
    at::Tensor& member = tensors_[name];
    if (member.defined()) {
      member = value.tensor;
    } else if (value.trained) {
      add_parameter(name, member, value.tensor);
    } else {
      add_buffer(name, member, value.tensor, value.persistent);
    }
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

/// The tensors from a stack position up to the top.
nn::Flow flow_from(lua_State* L, int first, const std::string& who) {
  nn::Flow flow;
  for (int i = first; i <= lua_gettop(L); ++i) {
    const auto* tensor = test_object<at::Tensor>(L, i);
    if (!tensor) throw ArgumentError(who + ": forward must return tensors, got " + kind_at(L, i));
    flow.tensors.push_back(*tensor);
  }
  if (flow.tensors.empty()) throw ArgumentError(who + ": forward returned nothing");
  return flow;
}

nn::Flow Scripted::flow(const nn::Flow& input) {
  lua_State* L = class_.state();
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
  nn::Flow output = flow_from(L, top + 1, title_);
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

/// nn.Module 'ViT': a class, a table with functions.
int make_class(Call& call) {
  const std::string title = call.text(1, "name");
  const Entry& entry = *find_entry("nn.Module");
  lua_newtable(call.L);
  lua_newtable(call.L);
  push_function(call.L, title, [&entry, title](Call& made) { return make_object(made, entry, title); });
  lua_setfield(call.L, -2, "__call");
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
                   .returns = "a class: a table that makes Modules when it is called",
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

}  // namespace

int set_field(Call& call) {
  Scripted* object = scripted_at(call, 1);
  const std::string name = call.is_text(2) ? call.text(2) : show(call.value(2));
  if (!object) {
    throw ArgumentError(call.object<ModulePtr>(1)->title() + ": '" + name +
                        "' cannot be set; a network with fields of its own is written with nn.Module");
  }
  if (const auto* part = test_object<ModulePtr>(call.L, 3)) return object->set_part(name, *part), 0;
  if (const auto* slot = test_object<SlotValue>(call.L, 3)) return object->set_slot(name, *slot), 0;
  if (call.is_table(3) && holds_modules(call.L, 3)) {
    throw ArgumentError(object->title() + ": '" + name +
                        "' is a list of modules, whose parameters nobody would see; nn.ModuleList { ... } holds them");
  }
  object->push_fields();
  lua_pushvalue(call.L, 2);
  lua_pushvalue(call.L, 3);
  lua_rawset(call.L, -3);
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
