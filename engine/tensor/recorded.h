// The part of tensor::apply that knows LibTorch's graph.

#pragma once

#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "tensor/differentiable.h"

namespace lumir::tensor {

/// As tensor::apply, with a node of the graph behind what comes out.
std::vector<at::Tensor> apply_recorded(const std::shared_ptr<Differentiable>& function,
                                       const std::vector<at::Tensor>& inputs);

}  // namespace lumir::tensor
