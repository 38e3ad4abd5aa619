// L1Loss: how far off each number is.

#include <ATen/ops/l1_loss.h>

#include "nn/distance_loss.h"

namespace lumir::nn {
namespace {

at::Tensor compute(const at::Tensor& outcome, const at::Tensor& target, int64_t reduction, const DistanceOptions&) {
  return at::l1_loss(outcome, target, reduction);
}

using L1Loss = DistanceLoss<DistanceOptions, compute>;

LUMIR_MODULE(L1Loss, {.summary = "The mean of how far off the numbers are.",
                      .returns = "a number; with reduction = 'none' one for each number",
                      .example = "nn.L1Loss()(torch.randn(4, 3), torch.zeros(4, 3))",
                      .source = "torch.nn.L1Loss"});

}  // namespace
}  // namespace lumir::nn
