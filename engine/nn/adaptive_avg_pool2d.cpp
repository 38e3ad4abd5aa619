// AdaptiveAvgPool2d: means of as many windows as are wanted, whatever size comes in.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AdaptiveAvgPool2d = AdaptiveAvgPool<2>;

LUMIR_MODULE(AdaptiveAvgPool2d, {.summary = "Means of as many windows as are wanted, whatever size comes in.",
                                 .returns = "[batch, channels, height, width], the last two as output_size says",
                                 .example = "nn.AdaptiveAvgPool2d(1)(torch.randn(8, 64, 16, 100))",
                                 .source = "torch.nn.AdaptiveAvgPool2d"});

}  // namespace
}  // namespace lumir::nn
