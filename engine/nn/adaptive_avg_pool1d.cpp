// AdaptiveAvgPool1d: means of as many windows as are wanted, whatever size comes in.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AdaptiveAvgPool1d = AdaptiveAvgPool<1>;

LUMIR_MODULE(AdaptiveAvgPool1d, {.summary = "Means of as many windows as are wanted, whatever size comes in.",
                                 .returns = "[batch, channels, output_size]",
                                 .example = "nn.AdaptiveAvgPool1d(1)(torch.randn(8, 64, 100))",
                                 .source = "torch.nn.AdaptiveAvgPool1d"});

}  // namespace
}  // namespace lumir::nn
