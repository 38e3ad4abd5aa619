// Conv1d: a small pattern is looked for at every moment.

#include "nn/convolution.h"

namespace lumir::nn {
namespace {

using Conv1d = Conv<1>;

LUMIR_MODULE(
    Conv1d,
    {.summary = "Looks for learnt patterns along the last dimension: each channel that comes out is one pattern.",
     .returns = "[batch, out_channels, time]",
     .example = "nn.Conv1d(40, 64, 5, { padding = 'same' })(torch.randn(8, 40, 100))",
     .source = "torch.nn.Conv1d"});

}  // namespace
}  // namespace lumir::nn
