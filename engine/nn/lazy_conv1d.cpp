// LazyConv1d: a Conv1d that counts the channels of the first input.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using LazyConv1d = LazyConv<1>;

LUMIR_MODULE(LazyConv1d, {.summary = "Conv1d that takes the channels of the first input that it sees, and is a Conv1d "
                                     "from then on.",
                          .returns = "[batch, out_channels, time]",
                          .example = "nn.LazyConv1d(64, 3)(torch.randn(8, 40, 100))",
                          .source = "torch.nn.LazyConv1d"});

}  // namespace
}  // namespace lumir::nn
