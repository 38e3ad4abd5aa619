// HuberLoss: squares near the target, distances farther away.

#include <ATen/ops/huber_loss.h>

#include "nn/distance_loss.h"

namespace lumir::nn {
namespace {

struct HuberOptions : DistanceOptions {
  double delta = 1;
  static Schema schema() {
    return extend(DistanceOptions::schema(), Option{"delta", &HuberOptions::delta, "where squares end", kPositive});
  }
};

at::Tensor compute(const at::Tensor& outcome, const at::Tensor& target, int64_t reduction, const HuberOptions& how) {
  return at::huber_loss(outcome, target, reduction, how.delta);
}

using HuberLoss = DistanceLoss<HuberOptions, compute>;

LUMIR_MODULE(
    HuberLoss,
    {.summary =
         "Half the square of how far off numbers are below delta, above it delta times the distance less delta / 2.",
     .returns = "a number; with reduction = 'none' one for each number",
     .example = "nn.HuberLoss { delta = 0.5 }(torch.randn(4, 3), torch.zeros(4, 3))",
     .source = "torch.nn.HuberLoss; Huber, Robust Estimation of a Location Parameter (1964)"});

}  // namespace
}  // namespace lumir::nn
