// InstanceNorm2d: every channel of every example gets mean 0 and deviation 1 by itself.

#include "nn/batch_norm.h"

namespace lumir::nn {
namespace {

using InstanceNorm2d = InstanceNormAlong<2>;

LUMIR_MODULE(
    InstanceNorm2d,
    {.summary = "Gives every channel of every example mean 0 and deviation 1 over its positions, so that level "
                "and contrast of a recording do not count; with affine = true, then a learnt scale and shift.",
     .returns = "the shape of x: [batch, channels, height, width], or one such example",
     .example = "nn.InstanceNorm2d(64)(torch.randn(8, 64, 16, 16))",
     .source = "torch.nn.InstanceNorm2d; Ulyanov et al., Instance Normalization (2016)"});

}  // namespace
}  // namespace lumir::nn
