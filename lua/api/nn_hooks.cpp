// Functions of Lua that are called in forward passes.

#include "api/nn.h"
#include "api/tensor.h"
#include "bind/held.h"

namespace lumir::lua {
namespace {

/// What a hook returned lies on the stack above `top`: in the order of the outputs what takes their places.
void take_outputs(lua_State* L, int top, const nn::Module& module, nn::Flow& output) {
  const auto count = static_cast<size_t>(lua_gettop(L) - top);
  if (count == 1 && lua_isnil(L, -1)) return;
  if (count > output.tensors.size()) {
    throw ArgumentError(module.title() + ": a forward hook returned " + std::to_string(count) + " outputs, there are " +
                        std::to_string(output.tensors.size()));
  }
  for (size_t i = 0; i < count; ++i) {
    const int place = top + 1 + static_cast<int>(i);
    const auto* tensor = test_object<at::Tensor>(L, place);
    if (!tensor) {
      throw ArgumentError(module.title() +
                          ": a forward hook returns tensors in place of the outputs, or nothing; got " +
                          kind_at(L, place));
    }
    output.tensors[i] = *tensor;
  }
}

}  // namespace

int register_forward_hook(Call& call) {
  const auto module = call.object<nn::ModulePtr>(1);
  const auto function = std::make_shared<Held>(call.L, 2);
  const int number = module->add_hook([function](nn::Module& part, const nn::Flow& input, nn::Flow& output) {
    lua_State* const L = function->thread();
    luaL_checkstack(L, 5, "too many hooks");
    const int top = lua_gettop(L);
    function->push();
    push_object<nn::ModulePtr>(L, part.shared_from_this());
    input.tensors.empty() ? lua_pushnil(L) : static_cast<void>(push_tensor(L, input.tensors[0]));
    push_tensor(L, output.tensors.at(0));
    lua_call(L, 3, LUA_MULTRET);
    take_outputs(L, top, part, output);
    lua_settop(L, top);
  });
  const std::weak_ptr<nn::Module> hooked = module;  // a hook may close over what takes it off
  push_function(call.L, "remove", [hooked, number](Call&) {
    if (const nn::ModulePtr part = hooked.lock()) part->remove_hook(number);
    return 0;
  });
  return 1;
}

}  // namespace lumir::lua
