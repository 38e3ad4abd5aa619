// What nn.fit and those that look into networks need of the engine, beside what users have: lua/lumir/fit.lua.

#include <algorithm>

#include <ATen/core/grad_mode.h>

#include "api/batches.h"
#include "api/nn.h"
#include "api/tensor.h"
#include "bind/arguments.h"
#include "data/batches.h"
#include "data/dataset.h"
#include "nn/network.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

/// A network learns nothing from an optimiser of another one, nor a loss with parameters from one that has none
/// of them, nor an optimiser from the schedule of another.
int check_optimizer(Call& call) {
  const auto net = call.object<ModulePtr>(1, "net"), loss = call.object<ModulePtr>(2, "loss");
  const auto optimizer = call.object<optim::OptimizerPtr>(3, "optimizer");
  const auto& moved = optimizer->parameters();
  const auto is_moved = [&](const nn::Slot& slot) {
    return std::any_of(moved.begin(), moved.end(),
                       [&](const optim::NamedTensor& parameter) { return parameter.tensor.is_same(*slot.tensor); });
  };
  const auto slots = nn::slots_of(*net), own = nn::slots_of(*loss);
  const std::string by_fit = "optim." + optimizer->name() + " { ... } is bound by nn.fit";
  if (std::none_of(slots.begin(), slots.end(), is_moved)) {
    throw ArgumentError("fit: " + optimizer->name() + " holds no parameter of this " + net->title() +
                        ": it is of another network; " + by_fit);
  }
  for (const auto& slot : own) {
    if (!slot.trained || !slot.tensor->requires_grad() || is_moved(slot)) continue;
    throw ArgumentError("fit: " + optimizer->name() + " does not hold '" + slot.name + "' of " + loss->title() +
                        ", which is learnt: optim." + optimizer->name() + "({ net, loss }, { ... }), or " + by_fit);
  }
  const auto* schedule = test_object<optim::SchedulePtr>(call.L, 4);
  if (schedule && (*schedule)->bound() && (*schedule)->optimizer() != optimizer) {
    throw ArgumentError("fit: " + (*schedule)->name() + " sets the rate of another optimizer");
  }
  return 0;
}

/// Calls a function with the network in eval mode and, unless they are asked for, without gradients; all parts
/// get back the modes that they had.
int judged(Call& call) {
  const nn::Judging scope(*call.object<ModulePtr>(1, "net"));
  const at::AutoGradMode gradients(!call.is_nil(3) && call.boolean(3));
  lua_pushvalue(call.L, 2);
  lua_call(call.L, 0, 0);
  return 0;
}

/// Calls a function for each batch of other data with what the network answers, and with what was to be foretold.
int judge(Call& call) {
  const auto* table = test_object<data::Table>(call.L, 2);
  const data::TensorRows rows =
      table ? data::TensorRows(*table) : data::TensorRows(call.object<data::Dataset>(2, "data"));
  const auto size = static_cast<int>(call.integer(3, "batch_size", 1, 2147483647));
  nn::each_answer(*call.object<ModulePtr>(1, "net"), rows, size, [&](const data::Batch& batch, const at::Tensor& out) {
    lua_pushvalue(call.L, 4);
    push_tensor(call.L, out);
    push_targets(call.L, batch.y.defined() ? batch.y.to(out.device()) : batch.y);
    lua_call(call.L, 2, 0);
  });
  return 0;
}

const lua::Module fit_module("core", [](ModuleTable& module) {
  module.function("is_lazy", [](Call& call) {
    const auto slots = nn::slots_of(*call.object<ModulePtr>(1));
    return call.push(std::any_of(slots.begin(), slots.end(), [](const auto& slot) { return !slot.tensor->defined(); }));
  });
  module.function("check_optimizer", check_optimizer);
  module.function("judged", judged);
  module.function("judge", judge);
  module.function("part", [](Call& call) {  // a layer, or its path in the network; `who` asks
    if (call.is<ModulePtr>(2)) return call.push(call.object<ModulePtr>(2));
    return call.push(nn::find_part(call.object<ModulePtr>(1, "net"), call.text(2, "layer"), call.text(3)));
  });
  module.function("classes", [](Call& call) {  // what a network knows of them; an empty list for nothing
    const auto& about = call.object<ModulePtr>(1, "net")->about();
    List names;
    for (const auto& name : about ? about->classes : std::vector<std::string>{}) names.push_back(name);
    return call.push(Value(names));
  });
  module.function("remember", [](Call& call) {
    const auto net = call.object<ModulePtr>(1, "net");
    if (const auto* table = test_object<data::Table>(call.L, 2)) {
      nn::remember(*net, *table);
    } else {
      nn::remember(*net, call.object<data::Dataset>(2, "data"));
    }
    return 0;
  });
});

}  // namespace
}  // namespace lumir::lua
