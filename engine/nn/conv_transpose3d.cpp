// ConvTranspose3d: every number of what comes in paints a small pattern, so volumes grow.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using ConvTranspose3d = ConvTranspose<3>;

LUMIR_MODULE(ConvTranspose3d,
             {.summary = "Each number that comes in gives a learnt pattern, and what overlaps is added: the way back "
                         "from what a Conv3d has made smaller.",
              .returns = "[batch, out_channels, depth, height, width]",
              .example = "nn.ConvTranspose3d(64, 32, 4, { stride = 2, padding = 1 })(torch.randn(2, 64, 2, 8, 8))",
              .source = "torch.nn.ConvTranspose3d; Dumoulin and Visin, A guide to convolution arithmetic (2016)"});

}  // namespace
}  // namespace lumir::nn
