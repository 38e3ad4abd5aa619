// Parameters among the arguments of a call.

#pragma once

#include <string>
#include <vector>

#include "core/value.h"
#include "optim/optimizer.h"

namespace lumir::lua {

/// Of a Module, or of a table of Tensors and Modules: by their names, or by their places from 1. Throws ArgumentError,
/// begun by `who`, for anything else.
std::vector<optim::NamedTensor> parameters_from(const Value& value, const std::string& who);

}  // namespace lumir::lua
