// ConvTranspose1d: every number of what comes in paints a small pattern, so sequences grow.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using ConvTranspose1d = ConvTranspose<1>;

LUMIR_MODULE(ConvTranspose1d,
             {.summary = "Each number that comes in gives a learnt pattern, and what overlaps is added: the way back "
                         "from what a Conv1d has made smaller.",
              .returns = "[batch, out_channels, time]",
              .example = "nn.ConvTranspose1d(64, 32, 4, { stride = 2, padding = 1 })(torch.randn(8, 64, 25))",
              .source = "torch.nn.ConvTranspose1d; Dumoulin and Visin, A guide to convolution arithmetic (2016)"});

}  // namespace
}  // namespace lumir::nn
