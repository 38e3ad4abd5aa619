// GlobalAvgPool: the mean of every channel over all its positions.

#include "nn/global_pool.h"

namespace lumir::nn {
namespace {

using GlobalAvgPool = GlobalPool<mean_of_channels>;

LUMIR_MODULE(GlobalAvgPool, {.summary = "The mean of every channel over all its positions, of sequences or pictures; "
                                        "padding beyond true lengths is left out.",
                             .returns = "[batch, channels]",
                             .example = "nn.GlobalAvgPool()(torch.randn(8, 64, 16, 100))",
                             .source = "Lin et al., Network in Network (2013)"});

}  // namespace
}  // namespace lumir::nn
