// InstanceNorm1d: every channel of every example gets mean 0 and deviation 1 by itself.

#include "nn/batch_norm.h"

namespace lumir::nn {
namespace {

using InstanceNorm1d = InstanceNormAlong<1>;

LUMIR_MODULE(
    InstanceNorm1d,
    {.summary = "Gives every channel of every example mean 0 and deviation 1 over its positions, so that level "
                "and contrast of a recording do not count; with affine = true, then a learnt scale and shift.",
     .returns = "the shape of x: [batch, channels, time], or one such example",
     .example = "nn.InstanceNorm1d(64)(torch.randn(8, 64, 100))",
     .source = "torch.nn.InstanceNorm1d; Ulyanov et al., Instance Normalization (2016)"});

}  // namespace
}  // namespace lumir::nn
