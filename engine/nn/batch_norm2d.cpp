// BatchNorm2d: every channel of pictures gets mean 0 and deviation 1 over the batch, then a learnt scale.

#include "nn/batch_norm.h"

namespace lumir::nn {
namespace {

using BatchNorm2d = BatchNormAlong<2>;

LUMIR_MODULE(
    BatchNorm2d,
    {.summary = "Gives every channel mean 0 and deviation 1 over the batch and all places (in eval: over what it "
                "has seen in training), then a learnt scale and shift.",
     .returns = "[batch, channels, height, width]",
     .example = "nn.BatchNorm2d(64)(torch.randn(8, 64, 16, 16))",
     .source = "torch.nn.BatchNorm2d; Ioffe and Szegedy, Batch Normalization (2015)"});

}  // namespace
}  // namespace lumir::nn
