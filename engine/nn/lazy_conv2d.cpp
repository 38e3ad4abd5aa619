// LazyConv2d: a Conv2d that counts the channels of the first input.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using LazyConv2d = LazyConv<2>;

LUMIR_MODULE(LazyConv2d, {.summary = "Conv2d that takes the channels of the first input that it sees, and is a Conv2d "
                                     "from then on.",
                          .returns = "[batch, out_channels, height, width]",
                          .example = "nn.LazyConv2d(64, 3)(torch.randn(8, 3, 64, 100))",
                          .source = "torch.nn.LazyConv2d"});

}  // namespace
}  // namespace lumir::nn
