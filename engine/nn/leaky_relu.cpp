// LeakyReLU: what is below zero stays, but small.

#include <ATen/ops/leaky_relu.h>

#include "nn/bend.h"
#include "nn/module.h"

namespace lumir::nn {
namespace {

struct LeakyReLUOptions {
  double negative_slope = 0.01;
  static Schema schema() {
    return {Option{"negative_slope", &LeakyReLUOptions::negative_slope, "what numbers below zero are multiplied by",
                   kPlace}};
  }
};

class LeakyReLU final : public Described<Layer, LeakyReLUOptions>, public Bends {
 public:
  using Described::Described;
  Bending bending() const override { return {Bend::leaky, option().negative_slope}; }

 protected:
  at::Tensor forward(const at::Tensor& x) override { return at::leaky_relu(x, option().negative_slope); }
};

LUMIR_MODULE(LeakyReLU, {.summary = "Multiplies what is below zero by a small number.",
                         .returns = "the shape of x",
                         .example = "nn.LeakyReLU(0.2)(torch.randn(8, 64))",
                         .source = "torch.nn.LeakyReLU; Maas et al. (2013)"});

}  // namespace
}  // namespace lumir::nn
