// Dropout: in training, numbers are set to zero by chance, so that no unit relies on another.

#include "nn/dropout.h"

#include "nn/fused_dropout.h"

namespace lumir::nn {
namespace {

class Dropout final : public Described<Layer, DropoutOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return training() ? dropped(x, option().p) : x; }
};

LUMIR_MODULE(Dropout,
             {.summary = "In training, sets numbers to zero by chance and scales the others by 1 / (1 - p); in "
                         "eval it changes nothing.",
              .returns = "the shape of x",
              .example = "nn.Dropout(0.5)(torch.randn(8, 64))",
              .source = "torch.nn.Dropout; Hinton et al. (2012)"});

}  // namespace
}  // namespace lumir::nn
