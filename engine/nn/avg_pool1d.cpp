// AvgPool1d: the mean of each window.

#include <ATen/ops/avg_pool1d.h>

#include "nn/pool.h"

namespace lumir::nn {
namespace {

at::Tensor mean(const at::Tensor& x, const Window& window, const AvgPoolOptions& how) {
  return at::avg_pool1d(x, window.kernel, window.stride, window.padding, window.ceil_mode, how.count_include_pad);
}

using AvgPool1d = WindowPool<AvgPoolOptions, mean, 1>;

LUMIR_MODULE(AvgPool1d, {.summary = "The mean of each window.",
                         .returns = "[batch, channels, time]",
                         .example = "nn.AvgPool1d(4)(torch.randn(8, 64, 100))",
                         .source = "torch.nn.AvgPool1d"});

}  // namespace
}  // namespace lumir::nn
