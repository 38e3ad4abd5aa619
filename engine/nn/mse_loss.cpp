// MSELoss: the square of how far off each number is.

#include <ATen/ops/mse_loss.h>

#include "nn/distance_loss.h"

namespace lumir::nn {
namespace {

at::Tensor compute(const at::Tensor& outcome, const at::Tensor& target, int64_t reduction, const DistanceOptions&) {
  return at::mse_loss(outcome, target, reduction);
}

using MSELoss = DistanceLoss<DistanceOptions, compute>;

LUMIR_MODULE(MSELoss, {.summary = "The mean square of how far off the numbers are.",
                       .returns = "a number; with reduction = 'none' one for each number",
                       .example = "nn.MSELoss()(torch.randn(4, 3), torch.zeros(4, 3))",
                       .source = "torch.nn.MSELoss"});

}  // namespace
}  // namespace lumir::nn
