// Dropout3d: whole channels are set to zero by chance, because neighbours in one channel tell nearly the same.

#include "nn/dropout.h"

namespace lumir::nn {
namespace {

using Dropout3d = ChannelDropout<3>;

LUMIR_MODULE(Dropout3d,
             {.summary = "In training, sets whole channels to zero by chance and scales the others by 1 / (1 "
                         "- p); in eval it changes nothing.",
              .returns = "the shape of x: [batch, channels, depth, height, width] or [channels, depth, height, width]",
              .example = "nn.Dropout3d(0.2)(torch.randn(2, 8, 4, 8, 8))",
              .source = "torch.nn.Dropout3d"});

}  // namespace
}  // namespace lumir::nn
