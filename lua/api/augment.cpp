// lumir.augment: every registered step that draws random numbers, and copies, whose first arguments are positional.

#include "bind/step.h"

namespace lumir::lua {
namespace {

/// augment.copies(n, { steps }, { seed = 1 }).
int copies(Call& call) {
  call.at_most(3);
  Map options = call.map(3, "options");
  options["n"] = static_cast<double>(call.integer(1, "n", 1, 1 << 20));
  if (!call.is_table(2) && !call.is<StepPtr>(2)) call.wrong(2, "steps", "a step or a list of steps");
  options["steps"] = call.value(2);
  return call.push(make_step("augment.copies", options));
}

const Module augment_module("augment", [](ModuleTable& module) {
  open_steps(module);
  module.function("copies", copies);
});

}  // namespace
}  // namespace lumir::lua
