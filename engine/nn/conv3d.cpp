// Conv3d: a small pattern is looked for at every place of a volume.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using Conv3d = Conv<3>;

LUMIR_MODULE(Conv3d, {.summary = "Looks for learnt patterns along the last three dimensions: each channel that comes "
                                 "out is one pattern.",
                      .returns = "[batch, out_channels, depth, height, width]",
                      .example = "nn.Conv3d(1, 8, 3, { padding = 1 })(torch.randn(2, 1, 4, 16, 16))",
                      .source = "torch.nn.Conv3d"});

}  // namespace
}  // namespace lumir::nn
