// BatchNorm1d: every channel of rows or sequences gets mean 0 and deviation 1 over the batch, then a learnt scale.

#include "nn/batch_norm.h"

namespace lumir::nn {
namespace {

using BatchNorm1d = BatchNormAlong<1>;

LUMIR_MODULE(BatchNorm1d,
             {.summary = "Gives every channel mean 0 and deviation 1 over the batch (in eval: over what it "
                         "has seen in training), then a learnt scale and shift.",
              .returns = "the shape of x: [batch, channels] or [batch, channels, time]",
              .example = "nn.BatchNorm1d(256)(torch.randn(8, 256))",
              .source = "torch.nn.BatchNorm1d; Ioffe and Szegedy, Batch Normalization (2015)"});

}  // namespace
}  // namespace lumir::nn
