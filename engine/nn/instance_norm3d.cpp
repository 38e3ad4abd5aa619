// InstanceNorm3d: every channel of every example gets mean 0 and deviation 1 by itself.

#include "nn/batch_norm.h"

namespace lumir::nn {
namespace {

using InstanceNorm3d = InstanceNormAlong<3>;

LUMIR_MODULE(
    InstanceNorm3d,
    {.summary = "Gives every channel of every example mean 0 and deviation 1 over its positions, so that level "
                "and contrast of a recording do not count; with affine = true, then a learnt scale and shift.",
     .returns = "the shape of x: [batch, channels, depth, height, width], or one such example",
     .example = "nn.InstanceNorm3d(16)(torch.randn(8, 16, 4, 8, 8))",
     .source = "torch.nn.InstanceNorm3d; Ulyanov et al., Instance Normalization (2016)"});

}  // namespace
}  // namespace lumir::nn
