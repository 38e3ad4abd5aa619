// AdaptiveAvgPool3d: means of as many windows as are wanted, whatever size comes in.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AdaptiveAvgPool3d = AdaptiveAvgPool<3>;

LUMIR_MODULE(AdaptiveAvgPool3d,
             {.summary = "Means of as many windows as are wanted, whatever size comes in.",
              .returns = "[batch, channels, depth, height, width], the last three as output_size says",
              .example = "nn.AdaptiveAvgPool3d(1)(torch.randn(2, 8, 4, 16, 16))",
              .source = "torch.nn.AdaptiveAvgPool3d"});

}  // namespace
}  // namespace lumir::nn
