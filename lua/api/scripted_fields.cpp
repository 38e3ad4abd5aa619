// Fields of networks that are written in Lua: parts, parameters, buffers, and whatever else a network keeps for itself.
//
//   self.by = nn.Parameter(torch.ones(n))    in init: a parameter, under the name "by"
//   self.linear = nn.Linear(n, n)            a part
//   self.n = n                               a value of its own

#include "api/scripted.h"
#include "api/tensor.h"
#include "bind/text.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

Scripted* scripted_at(Call& call, int i) {
  auto* module = test_object<ModulePtr>(call.L, i);
  return module ? dynamic_cast<Scripted*>(module->get()) : nullptr;
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
        .text([](const SlotValue& value) {
          return (value.trained ? "Parameter, a " : "Buffer, a ") + tensor::show(value.tensor);
        });

const Module fields_module =
    Module("nn")
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

void refuse_taken(const std::string& who, const std::string& name) {
  const ClassInfo* info = find_class(typeid(ModulePtr));
  if (!info->fields.contains(name) && !info->methods.contains(name)) return;
  throw ArgumentError(who + ": every Module has a '" + name + "' of its own; another name is needed");
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
      if (lua_type(L, -2) == LUA_TSTRING) names.push_back(text_at(L, -2));
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
