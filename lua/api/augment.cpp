// lumir.augment: every registered step that draws random numbers.

#include "bind/step.h"

namespace lumir::lua {
namespace {

const Module augment_module("augment", [](ModuleTable& module) { open_steps(module); });

}  // namespace
}  // namespace lumir::lua
