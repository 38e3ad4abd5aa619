// Dropout1d: whole channels are set to zero by chance, because neighbours in one channel tell nearly the same.

#include <ATen/ops/feature_dropout.h>

#include "nn/dropout.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

class Dropout1d final : public Described<Layer, DropoutOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() == 2) return at::feature_dropout(x.unsqueeze(0), option().p, training()).squeeze(0);
    if (x.dim() == 3) return at::feature_dropout(x, option().p, training());
    throw ArgumentError(name() + ": takes [batch, channels, time] or [channels, time], got " +
                        tensor::show_shape(x.sizes()));
  }
};

LUMIR_MODULE(Dropout1d,
             {.summary = "In training, sets whole channels to zero by chance and scales the others by 1 / (1 "
                         "- p); in eval it changes nothing.",
              .returns = "the shape of x: [batch, channels, time] or [channels, time]",
              .example = "nn.Dropout1d(0.2)(torch.randn(8, 64, 100))",
              .source = "torch.nn.Dropout1d"});

}  // namespace
}  // namespace lumir::nn
