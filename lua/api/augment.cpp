// lumir.augment: every registered step that draws random numbers.

#include "bind/step.h"

namespace lumir::lua {
namespace {

const Module augment_module("augment", open_steps);

}  // namespace
}  // namespace lumir::lua
