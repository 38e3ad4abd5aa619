// MaxPool3d: the largest number of each window.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using MaxPool3d = MaxPool<3>;

LUMIR_MODULE(MaxPool3d, {.summary = "The largest number of each window.",
                         .returns = "[batch, channels, depth, height, width]",
                         .example = "nn.MaxPool3d(3, { stride = 2, padding = 1 })(torch.randn(2, 8, 4, 16, 16))",
                         .source = "torch.nn.MaxPool3d"});

}  // namespace
}  // namespace lumir::nn
