// Conv2d: a small pattern is looked for at every place of a picture.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using Conv2d = Conv<2>;

LUMIR_MODULE(
    Conv2d,
    {.summary = "Looks for learnt patterns at every place of a picture: each channel that comes out is one pattern.",
     .returns = "[batch, out_channels, height, width]",
     .example = "nn.Conv2d(1, 64, 7, { stride = 2, padding = 3 })(torch.randn(8, 1, 64, 100))",
     .source = "torch.nn.Conv2d"});

}  // namespace
}  // namespace lumir::nn
