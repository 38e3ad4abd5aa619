// AdaptiveMaxPool2d: the largest numbers of as many windows as are wanted, whatever size comes in.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AdaptiveMaxPool2d = AdaptiveMaxPool<2>;

LUMIR_MODULE(AdaptiveMaxPool2d,
             {.summary = "The largest numbers of as many windows as are wanted, whatever size comes in.",
              .returns = "[batch, channels, height, width], the last two as output_size says",
              .example = "nn.AdaptiveMaxPool2d(1)(torch.randn(8, 64, 16, 100))",
              .source = "torch.nn.AdaptiveMaxPool2d"});

}  // namespace
}  // namespace lumir::nn
