// Tables of tensors by name.

#include "api/state.h"

#include <map>

#include "api/tensor.h"
#include "bind/text.h"
#include "tensor/convert.h"

namespace lumir::lua {

int push_state(Call& call, const State& state) {
  lua_createtable(call.L, 0, static_cast<int>(state.size()));
  for (const auto& [name, array] : state) {
    push_tensor(call.L, tensor::from_array(array));
    set_member(call.L, -2, name);
  }
  return 1;
}

namespace {

/// Whether a table has a tensor by a name.
bool holds_tensors(lua_State* L, int table) {
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || !test_object<at::Tensor>(L, -1)) continue;
    lua_pop(L, 2);
    return true;
  }
  return false;
}

std::string refusal_of(Call& call, const std::string& name, int value) {
  if (!call.is_table(value)) return "'" + name + "' must be a Tensor, got " + show(call.value(value));
  if (!holds_tensors(call.L, value)) return "'" + name + "' must be a Tensor, got a table";
  return "its tensors stand in '" + name + "', which is to be given by itself";
}

}  // namespace

State state_at(Call& call, int i) {
  State state;
  std::map<std::string, std::string> refused;
  if (!call.is_table(i)) call.wrong(i, "state", "a table of tensors by name");
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) != LUA_TSTRING) call.wrong(i, "state", "a table of tensors by name");
    const std::string name = text_at(call.L, -2);
    const int value = lua_gettop(call.L);
    if (const auto* tensor = test_object<at::Tensor>(call.L, value)) {
      state[name] = tensor::to_array(tensor->detach().cpu(), call.who());
    } else {
      const bool whole = call.is_table(value) && holds_tensors(call.L, value);
      refused[(whole ? "" : "~") + name] = refusal_of(call, name, value);
    }
  }
  if (!refused.empty()) throw ArgumentError(call.who() + ": " + refused.begin()->second);
  return state;
}

int state_dict(Call& call, const Stateful& held) { return push_state(call, held.state()); }

int load_state_dict(Call& call, Stateful& held) {
  held.load_state(state_at(call, 2), call.who());
  lua_pushvalue(call.L, 1);
  return 1;
}

}  // namespace lumir::lua
