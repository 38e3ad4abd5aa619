// Tables of tensors by name.

#include "api/state.h"

#include "api/tensor.h"
#include "tensor/convert.h"

namespace lumir::lua {

int push_state(Call& call, const State& state) {
  lua_createtable(call.L, 0, static_cast<int>(state.size()));
  for (const auto& [name, array] : state) {
    push_tensor(call.L, tensor::from_array(array));
    lua_setfield(call.L, -2, name.c_str());
  }
  return 1;
}

State state_at(Call& call, int i) {
  State state;
  for (const auto& [name, value] : call.map(i, "state")) {
    const auto* object = value.object();
    const auto* tensor = object ? std::any_cast<at::Tensor>(object->get()) : nullptr;
    if (!tensor) throw ArgumentError(call.who() + ": '" + name + "' must be a Tensor, got " + show(value));
    state[name] = tensor::to_array(tensor->detach().cpu(), call.who());
  }
  return state;
}

int state_dict(Call& call, const Stateful& held) { return push_state(call, held.state()); }

int load_state_dict(Call& call, Stateful& held) {
  held.load_state(state_at(call, 2), call.who());
  lua_pushvalue(call.L, 1);
  return 1;
}

}  // namespace lumir::lua
