// StatisticsPool: mean and deviation of every channel.

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include "nn/global_pool.h"

namespace lumir::nn {
namespace {

/// [batch, 2 channels]: the means, then the deviations.
at::Tensor mean_and_deviation(const at::Tensor& x, const at::Tensor& lengths) {
  const at::Tensor mean = mean_of_channels(x, lengths);
  at::Tensor middle = mean;
  while (middle.dim() < x.dim()) middle = middle.unsqueeze(-1);
  const at::Tensor variance = mean_of_channels((x - middle).square(), lengths);
  return at::cat({mean, variance.clamp_min(1e-12).sqrt()}, 1);
}

using StatisticsPool = GlobalPool<mean_and_deviation>;

LUMIR_MODULE(StatisticsPool, {.summary = "The mean of every channel over all positions, then its deviation; padding "
                                         "beyond true lengths is left out.",
                              .returns = "[batch, 2 channels]",
                              .example = "nn.StatisticsPool()(torch.randn(8, 64, 100))",
                              .source = "Snyder et al., X-vectors (2018)"});

}  // namespace
}  // namespace lumir::nn
