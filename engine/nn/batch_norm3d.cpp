// BatchNorm3d: every channel of volumes gets mean 0 and deviation 1 over the batch, then a learnt scale.

#include "nn/batch_norm.h"

namespace lumir::nn {
namespace {

using BatchNorm3d = BatchNormAlong<3>;

LUMIR_MODULE(
    BatchNorm3d,
    {.summary = "Gives every channel mean 0 and deviation 1 over the batch and all places (in eval: over what it "
                "has seen in training), then a learnt scale and shift.",
     .returns = "[batch, channels, depth, height, width]",
     .example = "nn.BatchNorm3d(16)(torch.randn(8, 16, 4, 8, 8))",
     .source = "torch.nn.BatchNorm3d; Ioffe and Szegedy, Batch Normalization (2015)"});

}  // namespace
}  // namespace lumir::nn
