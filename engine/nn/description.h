// Descriptions of networks, for those that make and copy them.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

/// What errors call them, and where they are registered.
inline const MadeKind kModules{"nn", "module"};

/// One whose weights are to be replaced: the random numbers of weights do not go on.
ModulePtr make_undrawn(const Value& description);

/// Throws ArgumentError, begun by `who`, where a network's parameters are not called as those that its description has
/// made: somebody gave it parts behind its init. Of a Sequential that was made shorter the modules that are left count.
void check_as_made(const std::string& who, Module& module, Module& made);

/// What makes a slot the same as another: its tensor, whoever holds it; where that has no size yet, the place itself.
const void* identity_of(const Slot& slot);

}  // namespace lumir::nn
