// MaxPool1d: the largest number of each window.

#include <ATen/ops/max_pool1d.h>

#include "nn/pool.h"

namespace lumir::nn {
namespace {

at::Tensor largest(const at::Tensor& x, const Window& window, const MaxPoolOptions&) {
  return at::max_pool1d(x, window.kernel, window.stride, window.padding, window.dilation, window.ceil_mode);
}

using MaxPool1d = WindowPool<MaxPoolOptions, largest, 1>;

LUMIR_MODULE(MaxPool1d, {.summary = "The largest number of each window.",
                         .returns = "[batch, channels, time]",
                         .example = "nn.MaxPool1d(3, { stride = 2, padding = 1 })(torch.randn(8, 64, 100))",
                         .source = "torch.nn.MaxPool1d"});

}  // namespace
}  // namespace lumir::nn
