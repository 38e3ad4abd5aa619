// LazyConv3d: a Conv3d that counts the channels of the first input.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using LazyConv3d = LazyConv<3>;

LUMIR_MODULE(LazyConv3d, {.summary = "Conv3d that takes the channels of the first input that it sees, and is a Conv3d "
                                     "from then on.",
                          .returns = "[batch, out_channels, depth, height, width]",
                          .example = "nn.LazyConv3d(8, 3)(torch.randn(2, 1, 4, 16, 16))",
                          .source = "torch.nn.LazyConv3d"});

}  // namespace
}  // namespace lumir::nn
