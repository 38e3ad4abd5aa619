// lumir.nn.init: PyTorch's initialisers, generic over the registry.
//
//   nn.init.kaiming_normal_(net[1].weight, { nonlinearity = 'relu' })
//   nn.init.normal_(net.head.weight, 0, 0.02)
//   nn.init.zeros_(net.head.bias)

#include "api/tensor.h"
#include "bind/arguments.h"
#include "nn/initializers.h"

namespace lumir::lua {
namespace {

int initialise(Call& call, const Entry& entry) {
  Map options = call_options(call, entry);
  const auto tensor = options.extract("tensor");
  const Object* object = tensor.empty() ? nullptr : tensor.mapped().object();
  const auto* held = object ? std::any_cast<at::Tensor>(object->get()) : nullptr;
  if (!held) throw ArgumentError(entry.name + ": 'tensor' must be a Tensor, got " + kind_at(call.L, 1));
  nn::initialise(entry.name, *held, options);
  lua_pushvalue(call.L, 1);
  return 1;
}

const lua::Module init_module("nn.init", [](ModuleTable& module) {
  for (const Entry* entry : entries("nn.init")) {
    module.function(entry->name, [entry](Call& call) {
      refuse_module(call, *entry);
      return initialise(call, *entry);
    });
  }
});

}  // namespace
}  // namespace lumir::lua
