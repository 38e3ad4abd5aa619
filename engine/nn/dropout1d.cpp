// Dropout1d: whole channels are set to zero by chance, because neighbours in one channel tell nearly the same.

#include "nn/dropout.h"

namespace lumir::nn {
namespace {

using Dropout1d = ChannelDropout<1>;

LUMIR_MODULE(Dropout1d,
             {.summary = "In training, sets whole channels to zero by chance and scales the others by 1 / (1 "
                         "- p); in eval it changes nothing.",
              .returns = "the shape of x: [batch, channels, time] or [channels, time]",
              .example = "nn.Dropout1d(0.2)(torch.randn(8, 64, 100))",
              .source = "torch.nn.Dropout1d"});

}  // namespace
}  // namespace lumir::nn
