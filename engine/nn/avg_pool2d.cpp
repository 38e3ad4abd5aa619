// AvgPool2d: the mean of each window.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AvgPool2d = AvgPool<2>;

LUMIR_MODULE(AvgPool2d, {.summary = "The mean of each window.",
                         .returns = "[batch, channels, height, width]",
                         .example = "nn.AvgPool2d(2)(torch.randn(8, 64, 16, 100))",
                         .source = "torch.nn.AvgPool2d"});

}  // namespace
}  // namespace lumir::nn
