// Functions of tensors as options of layers.

#pragma once

#include "core/function_option.h"
#include "nn/module.h"

namespace lumir::nn {

using TensorFunction = std::function<Tensors(const Tensors&)>;

}  // namespace lumir::nn
