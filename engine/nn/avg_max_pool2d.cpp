// AvgMaxPool2d: the mean and the largest number of every channel, side by side.

#include "nn/global_pool.h"

namespace lumir::nn {
namespace {

using AvgMaxPool2d = GlobalPool<mean_and_maximum, 4>;

LUMIR_MODULE(AvgMaxPool2d, {.summary = "The mean of every channel over all positions, then the largest number of every "
                                       "channel; padding beyond true lengths is left out.",
                            .returns = "[batch, 2 channels]",
                            .example = "nn.AvgMaxPool2d()(torch.randn(8, 64, 16, 100))",
                            .source = "Kong et al., PANNs (2020), sec. III"});

}  // namespace
}  // namespace lumir::nn
