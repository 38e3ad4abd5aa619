// core.snapshot { net, optimizer ... }: all that a trial of a training changes, to be put back bit by bit.

#include <ATen/CPUGeneratorImpl.h>

#include "bind/bind.h"
#include "core/random.h"
#include "nn/snapshot.h"
#include "optim/optimizer.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

struct OptimizerSnapshot {
  optim::OptimizerPtr optimizer;
  State state;
  std::vector<bool> used_gradients;
};

int snapshot(Call& call) {
  std::vector<nn::Snapshot> modules;
  std::vector<OptimizerSnapshot> optimizers;
  const int count = list_length(call.L, 1, call.who(), "'parts'");
  for (int place = 1; place <= count; ++place) {
    lua_rawgeti(call.L, 1, place);
    const int top = lua_gettop(call.L);
    if (const auto* module = test_object<nn::ModulePtr>(call.L, top)) modules.emplace_back(*module);
    if (const auto* held = test_object<optim::OptimizerPtr>(call.L, top)) {
      optimizers.push_back({*held, (*held)->state(), (*held)->used_gradients()});
    }
    lua_pop(call.L, 1);
  }
  const at::Tensor drawn = at::detail::getDefaultCPUGenerator().get_state();
  push_function(call.L, "restore", [=, calls = direct_calls()](Call&) {
    for (const auto& one : optimizers) one.optimizer->load_state(one.state, "restore");
    for (const auto& module : modules) module.restore();
    for (const auto& one : optimizers) one.optimizer->set_used_gradients(one.used_gradients);
    at::Generator generator = at::detail::getDefaultCPUGenerator();
    generator.set_state(drawn);
    set_direct_calls(calls);
    return 0;
  });
  return 1;
}

const Module snapshot_module("core", [](ModuleTable& module) { module.function("snapshot", snapshot); });

}  // namespace
}  // namespace lumir::lua
