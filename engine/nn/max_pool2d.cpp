// MaxPool2d: the largest number of each window.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using MaxPool2d = MaxPool<2>;

LUMIR_MODULE(MaxPool2d, {.summary = "The largest number of each window.",
                         .returns = "[batch, channels, height, width]",
                         .example = "nn.MaxPool2d(3, { stride = 2, padding = 1 })(torch.randn(8, 64, 16, 100))",
                         .source = "torch.nn.MaxPool2d"});

}  // namespace
}  // namespace lumir::nn
