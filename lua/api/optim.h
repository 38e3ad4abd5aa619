// Parameters among the arguments of a call.

#pragma once

#include <string>
#include <vector>

#include "core/value.h"
#include "optim/optimizer.h"

namespace lumir::lua {

/// Of a Module, or of a table of Tensors and Modules: by their names, or by their places from 1. With `buffers` what
/// modules keep of floating-point numbers beside. Throws ArgumentError, begun by `who`, for anything else.
std::vector<optim::NamedTensor> parameters_from(const Value& value, const std::string& who, bool buffers = false);
/// Takes an argument out of the options of a call; nil where it was not given.
Value taken(Map& options, const std::string& name);

}  // namespace lumir::lua
