// AdaptiveMaxPool1d: the largest numbers of as many windows as are wanted, whatever size comes in.

#include "nn/pool.h"

namespace lumir::nn {
namespace {

using AdaptiveMaxPool1d = AdaptiveMaxPool<1>;

LUMIR_MODULE(AdaptiveMaxPool1d,
             {.summary = "The largest numbers of as many windows as are wanted, whatever size comes in.",
              .returns = "[batch, channels, output_size]",
              .example = "nn.AdaptiveMaxPool1d(1)(torch.randn(8, 64, 100))",
              .source = "torch.nn.AdaptiveMaxPool1d"});

}  // namespace
}  // namespace lumir::nn
