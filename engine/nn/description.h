// Descriptions of networks, for those that make and copy them.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

/// What errors call them, and where they are registered.
inline const MadeKind kModules{"nn", "module"};

/// One whose weights are to be replaced: the random numbers of weights do not go on.
ModulePtr make_undrawn(const Value& description);

/// What makes a slot the same as another: its tensor, whoever holds it; where that has no size yet, the place itself.
const void* identity_of(const Slot& slot);

}  // namespace lumir::nn
