// What goes into a network from Lua, and what comes out.

#include <algorithm>

#include "api/nn.h"
#include "api/tensor.h"
#include "tensor/positions.h"

namespace lumir::lua {
namespace {

[[noreturn]] void refuse_input(const Call& call, const nn::Module& module, int i) {
  const bool looped = call.count() == 3 && call.is_nil(2) && call.is_nil(3);  // what Lua's `for` hands over
  if (looped) throw ArgumentError(module.title() + ": cannot be looped over; for i, part in ipairs(net) do");
  const std::string got = call.is_nil(i) ? "nil; a misspelt name?" : kind_at(call.L, i);
  throw ArgumentError(module.title() + ": takes tensors, got " + got);
}

Map named_inputs(const Call& call, const nn::Module& module, int i) {
  const Value given = call.value(i);
  if (const Map* named = given.map()) return *named;
  throw ArgumentError(module.title() + ": takes tensors, and a table of others by name ({ lengths = l }), got a list");
}

}  // namespace

nn::Flow flow_at(Call& call, const nn::Module& module, int first) {
  nn::Flow flow;
  const int last = call.count();
  const bool named = last > first && call.is_table(last);
  const auto positions = module.positions();
  for (int i = first; i <= (named ? last - 1 : last); ++i) {
    if (!call.is<at::Tensor>(i)) refuse_input(call, module, i);
    at::Tensor tensor = call.object<at::Tensor>(i);
    const auto place = static_cast<size_t>(i - first);
    const bool shares = place > 0 && tensor.sizes() == flow.tensors[0].sizes();  // of each class, not class numbers
    if (!shares && std::find(positions.begin(), positions.end(), place) != positions.end()) {
      tensor = tensor::from_user(tensor, tensor::Mark::label, module.title(), place == 0 ? "input" : "target");
    }
    flow.tensors.push_back(std::move(tensor));
  }
  if (named) {
    for (const auto& [name, value] : named_inputs(call, module, last)) {
      const auto* object = value.object();
      const auto* tensor = object ? std::any_cast<at::Tensor>(object->get()) : nullptr;
      if (!tensor) throw ArgumentError(module.title() + ": '" + name + "' must be a tensor, got " + show(value));
      flow.named[name] = *tensor;
    }
  }
  return flow;
}

int push_flow(lua_State* L, const nn::Module& module, const nn::Flow& flow) {
  const auto positions = module.result_positions();
  for (size_t i = 0; i < flow.tensors.size(); ++i) {
    const bool counts = std::find(positions.begin(), positions.end(), i) != positions.end();
    push_tensor(L, counts ? tensor::to_user(flow.tensors[i], tensor::Mark::position) : flow.tensors[i]);
  }
  return static_cast<int>(flow.tensors.size());
}

}  // namespace lumir::lua
