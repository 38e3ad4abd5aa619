// What the files about tensors in this folder share.

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "bind/bind.h"

namespace lumir::lua {

/// A message with its line breaks and runs of spaces made single spaces.
std::string one_line(std::string text);

}  // namespace lumir::lua
