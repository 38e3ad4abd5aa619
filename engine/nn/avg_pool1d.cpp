// AvgPool1d: the mean of each window.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AvgPool1d = WindowPool<AvgPoolOptions, mean_in_stretch, 1>;

LUMIR_MODULE(AvgPool1d, {.summary = "The mean of each window.",
                         .returns = "[batch, channels, time]",
                         .example = "nn.AvgPool1d(4)(torch.randn(8, 64, 100))",
                         .source = "torch.nn.AvgPool1d"});

}  // namespace
}  // namespace lumir::nn
