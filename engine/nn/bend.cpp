// Bends by LibTorch's operators.

#include "nn/bend.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/relu.h>

namespace lumir::nn {

at::Tensor bend(const at::Tensor& x, const Bending& bending) {
  if (bending.kind == Bend::relu) return at::relu(x);
  if (bending.kind == Bend::elu) return at::elu(x, bending.slope);
  return bending.kind == Bend::leaky ? at::leaky_relu(x, bending.slope) : x;
}

}  // namespace lumir::nn
