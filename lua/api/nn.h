// Networks as Lua holds them: what the files about them in this folder share.

#pragma once

#include "bind/bind.h"
#include "nn/classes.h"
#include "nn/onnx_network.h"

namespace lumir::lua {

/// The tensors of a call from argument `first` on, and those of a last table by name; targets count from 0 then.
nn::Flow flow_at(Call& call, const nn::Module& module, int first);
/// Leaves the tensors of a flow on the stack; positions count from 1 then. Answers how many there are.
int push_flow(lua_State* L, const nn::Module& module, const nn::Flow& flow);

/// A parameter or a buffer on its way into a network that is written in Lua: self.scale = nn.Parameter(torch.ones(3)).
struct SlotValue {
  at::Tensor tensor;
  bool trained = true;
  bool persistent = true;
};

/// net.field = value of a network that is written in Lua: a part, a parameter, or anything else.
int set_field(Call& call);
/// What such a network has under a name beside parts and parameters: values of its own, and its class's functions.
/// Leaves it on the stack and answers 1; 0 for nothing.
int push_field(Call& call, nn::Module& module, const std::string& name);
/// The names that push_field knows.
std::vector<std::string> field_names(const nn::Module& module);

/// Builds networks that are written in Lua from their descriptions: their classes are those of the session, of the same
/// source unless `allow_changed`. What runs apart has a Lua state of its own with copies of the classes.
nn::BuildClass builder_of_classes(lua_State* L, bool allow_changed);
/// Leaves the tables of all classes on the stack, so that none is collected before a file's networks are made of it:
/// classes are known weakly, and what a file of code has defined may be reached by nothing else.
void push_classes(lua_State* L);

/// net:register_forward_hook(function(part, x, y) ... end)
int register_forward_hook(Call& call);

/// Calls what may call into Lua, whose errors are caught.
nn::Attempt protected_attempt(lua_State* L);

/// nn.summary(net, ...), net:summary(...)
int summary_of(Call& call);
/// nn.profile(net, input, { ... }), net:profile(input, { ... })
int profile_of(Call& call);
/// net:step(layer, { ... })
int step_of(Call& call);
const Describe& step_words();
/// What a network is tried with: a tensor, a list of tensors, or a shape, which stands for zeros.
nn::Flow example_at(Call& call, int i, nn::Module& network);

}  // namespace lumir::lua
