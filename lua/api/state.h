// States (core/state.h) as Lua sees them: tables of tensors by name, as PyTorch's state dicts.

#pragma once

#include "bind/bind.h"
#include "core/state.h"

namespace lumir::lua {

/// Leaves the state as a table on the stack. Answers 1.
int push_state(Call& call, const State& state);
/// The table at `i` as a state; ArgumentError where something in it is no tensor.
State state_at(Call& call, int i);
/// What `state_dict` and `load_state_dict` do of whatever is Stateful.
int state_dict(Call& call, const Stateful& held);
int load_state_dict(Call& call, Stateful& held);

}  // namespace lumir::lua
