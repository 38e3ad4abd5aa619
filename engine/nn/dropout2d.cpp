// Dropout2d: whole channels are set to zero by chance, because neighbours in one channel tell nearly the same.

#include <ATen/ops/feature_dropout.h>

#include "nn/dropout.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

class Dropout2d final : public Described<Layer, DropoutOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() == 4) return at::feature_dropout(x, option().p, training());
    throw ArgumentError(name() + ": takes [batch, channels, height, width], got " + tensor::show_shape(x.sizes()));
  }
};

LUMIR_MODULE(Dropout2d,
             {.summary = "In training, sets whole channels to zero by chance and scales the others by 1 / (1 "
                         "- p); in eval it changes nothing.",
              .returns = "the shape of x: [batch, channels, height, width]",
              .example = "nn.Dropout2d(0.2)(torch.randn(8, 64, 16, 16))",
              .source = "torch.nn.Dropout2d; Tompson et al. (2015)"});

}  // namespace
}  // namespace lumir::nn
