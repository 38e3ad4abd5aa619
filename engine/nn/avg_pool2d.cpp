// AvgPool2d: the mean of each window.

#include <ATen/ops/avg_pool2d.h>

#include "nn/pool.h"

namespace lumir::nn {
namespace {

struct AvgPool2dOptions : AvgPoolOptions {
  std::optional<int> divisor_override;
  static Schema schema() {
    return extend(AvgPoolOptions::schema(), Option{"divisor_override", &AvgPool2dOptions::divisor_override,
                                                   "what sums are divided by in place of the window's size", Range{1}});
  }
};

at::Tensor mean(const at::Tensor& x, const Window& window, const AvgPool2dOptions& how) {
  return at::avg_pool2d(x, window.kernel, window.stride, window.padding, window.ceil_mode, how.count_include_pad,
                        how.divisor_override);
}

using AvgPool2d = WindowPool<AvgPool2dOptions, mean, 2>;

LUMIR_MODULE(AvgPool2d, {.summary = "The mean of each window.",
                         .returns = "[batch, channels, height, width]",
                         .example = "nn.AvgPool2d(2)(torch.randn(8, 64, 16, 100))",
                         .source = "torch.nn.AvgPool2d"});

}  // namespace
}  // namespace lumir::nn
