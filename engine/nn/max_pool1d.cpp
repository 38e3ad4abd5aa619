// MaxPool1d: the largest number of each window.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using MaxPool1d = MaxPool<1>;

LUMIR_MODULE(MaxPool1d, {.summary = "The largest number of each window.",
                         .returns = "[batch, channels, time]",
                         .example = "nn.MaxPool1d(3, { stride = 2, padding = 1 })(torch.randn(8, 64, 100))",
                         .source = "torch.nn.MaxPool1d"});

}  // namespace
}  // namespace lumir::nn
