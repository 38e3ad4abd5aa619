// Parts of tensors as Lua reads and writes them.

#pragma once

#include "api/tensor.h"

namespace lumir::lua {

/// What is neither field nor method: x[2], x['1:64, 2'], x[mask], or an operator's name.
int tensor_part(Call& call);
/// x[2] = v, x['1, :'] = v, x[mask] = v, for a number or anything that broadcasts; x.requires_grad = true, x.grad = nil.
int assign_to_tensor(Call& call);
/// Leaves a view of a tensor, which knows what rows and what time are left in it. Answers 1.
int push_tensor_view(lua_State* L, at::Tensor view, const at::Tensor& self);

}  // namespace lumir::lua
