// What the files about tensors in this folder share.

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "bind/bind.h"
#include "tensor/gradients.h"

namespace lumir::lua {

/// What a backward pass does with the graph.
struct GraphOptions : tensor::BackwardOptions {
  static Schema schema();
};

/// Leaves a tensor on the stack. Answers 1.
int push_tensor(lua_State* L, at::Tensor tensor);
/// Leaves a list of sizes that prints as a shape. Answers 1.
int push_shape(lua_State* L, at::IntArrayRef sizes);

/// x:data()
int tensor_data(Call& call);

/// Leaves the function of an operator on the stack; false (and nothing) where no operator is called that.
bool push_operator(lua_State* L, const std::string& name);
/// Calls an operator with Lua's arguments, by its schema.
int call_operator(Call& call, const std::string& name);

/// Throws ArgumentError: "torch.sofmax: there is no such name (did you mean 'softmax'?)". `own` are the names that are
/// no operators; `hint` stands behind it.
[[noreturn]] void refuse_operator(const std::string& whose, const std::string& name, std::vector<std::string> own,
                                  const std::string& hint = "");

}  // namespace lumir::lua
