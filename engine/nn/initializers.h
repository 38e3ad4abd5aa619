// Initialisers by name: PyTorch's nn.init. Each fills a tensor in place with LibTorch's default generator, so that after
// one manual_seed both give the same, and leaves no trace for gradients. They are entries of the registry, "nn.init.*".

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "core/value.h"

namespace lumir::nn {

/// By name as PyTorch has it: "kaiming_normal_". Throws ArgumentError for unknown names and options, for whole numbers,
/// and for a tensor of less than two dimensions where the sizes of both sides count.
void initialise(const std::string& name, const at::Tensor& tensor, const Map& options);

}  // namespace lumir::nn
