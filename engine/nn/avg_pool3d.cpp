// AvgPool3d: the mean of each window.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AvgPool3d = AvgPool<3>;

LUMIR_MODULE(AvgPool3d, {.summary = "The mean of each window.",
                         .returns = "[batch, channels, depth, height, width]",
                         .example = "nn.AvgPool3d(2)(torch.randn(2, 8, 4, 16, 16))",
                         .source = "torch.nn.AvgPool3d"});

}  // namespace
}  // namespace lumir::nn
