// SmoothL1Loss: squares near the target, distances farther away.

#include <ATen/ops/smooth_l1_loss.h>

#include "nn/distance_loss.h"

namespace lumir::nn {
namespace {

struct SmoothL1Options : DistanceOptions {
  double beta = 1;
  static Schema schema() {
    return extend(DistanceOptions::schema(), Option{"beta", &SmoothL1Options::beta, "where squares end", kPositive});
  }
};

at::Tensor compute(const at::Tensor& outcome, const at::Tensor& target, int64_t reduction, const SmoothL1Options& how) {
  return at::smooth_l1_loss(outcome, target, reduction, how.beta);
}

using SmoothL1Loss = DistanceLoss<SmoothL1Options, compute>;

LUMIR_MODULE(
    SmoothL1Loss,
    {.summary = "Half the square over beta of how far off numbers are below beta, above it the distance less beta / 2.",
     .returns = "a number; with reduction = 'none' one for each number",
     .example = "nn.SmoothL1Loss { beta = 0.5 }(torch.randn(4, 3), torch.zeros(4, 3))",
     .source = "torch.nn.SmoothL1Loss; Girshick, Fast R-CNN (2015)"});

}  // namespace
}  // namespace lumir::nn
