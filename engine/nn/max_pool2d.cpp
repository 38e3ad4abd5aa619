// MaxPool2d: the largest number of each window.

#include <ATen/ops/max_pool2d.h>

#include "nn/pool.h"

namespace lumir::nn {
namespace {

at::Tensor largest(const at::Tensor& x, const Window& window, const MaxPoolOptions&) {
  return at::max_pool2d(x, window.kernel, window.stride, window.padding, window.dilation, window.ceil_mode);
}

using MaxPool2d = WindowPool<MaxPoolOptions, largest, 2>;

LUMIR_MODULE(MaxPool2d, {.summary = "The largest number of each window.",
                         .returns = "[batch, channels, height, width]",
                         .example = "nn.MaxPool2d(3, { stride = 2, padding = 1 })(torch.randn(8, 64, 16, 100))",
                         .source = "torch.nn.MaxPool2d"});

}  // namespace
}  // namespace lumir::nn
