// Dropout2d: whole channels are set to zero by chance, because neighbours in one channel tell nearly the same.

#include "nn/dropout.h"

namespace lumir::nn {
namespace {

using Dropout2d = ChannelDropout<2>;

LUMIR_MODULE(Dropout2d,
             {.summary = "In training, sets whole channels to zero by chance and scales the others by 1 / (1 "
                         "- p); in eval it changes nothing.",
              .returns = "the shape of x: [batch, channels, height, width]",
              .example = "nn.Dropout2d(0.2)(torch.randn(8, 64, 16, 16))",
              .source = "torch.nn.Dropout2d; Tompson et al. (2015)"});

}  // namespace
}  // namespace lumir::nn
