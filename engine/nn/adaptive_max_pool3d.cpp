// AdaptiveMaxPool3d: the largest numbers of as many windows as are wanted, whatever size comes in.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AdaptiveMaxPool3d = AdaptiveMaxPool<3>;

LUMIR_MODULE(AdaptiveMaxPool3d,
             {.summary = "The largest numbers of as many windows as are wanted, whatever size comes in.",
              .returns = "[batch, channels, depth, height, width], the last three as output_size says",
              .example = "nn.AdaptiveMaxPool3d(1)(torch.randn(2, 8, 4, 16, 16))",
              .source = "torch.nn.AdaptiveMaxPool3d"});

}  // namespace
}  // namespace lumir::nn
