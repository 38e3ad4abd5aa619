// ConvTranspose2d: every number of what comes in paints a small pattern, so pictures grow.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using ConvTranspose2d = ConvTranspose<2>;

LUMIR_MODULE(ConvTranspose2d,
             {.summary = "Each number that comes in gives a learnt pattern, and what overlaps is added: the way back "
                         "from what a Conv2d has made smaller.",
              .returns = "[batch, out_channels, height, width]",
              .example = "nn.ConvTranspose2d(64, 32, 4, { stride = 2, padding = 1 })(torch.randn(8, 64, 8, 25))",
              .source = "torch.nn.ConvTranspose2d; Dumoulin and Visin, A guide to convolution arithmetic (2016)"});

}  // namespace
}  // namespace lumir::nn
