// GlobalMaxPool: the largest number of every channel over all its positions.

#include "nn/global_pool.h"

namespace lumir::nn {
namespace {

using GlobalMaxPool = GlobalPool<maximum_of_channels>;

LUMIR_MODULE(GlobalMaxPool,
             {.summary = "The largest number of every channel over all its positions, of sequences or pictures; "
                         "padding beyond true lengths is left out.",
              .returns = "[batch, channels]",
              .example = "nn.GlobalMaxPool()(torch.randn(8, 64, 16, 100))",
              .source = "Lin et al., Network in Network (2013)"});

}  // namespace
}  // namespace lumir::nn
