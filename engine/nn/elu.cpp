// ELU: below zero an exponential that ends at -alpha.

#include <ATen/ops/elu.h>

#include "nn/bend.h"
#include "nn/module.h"

namespace lumir::nn {
namespace {

struct ELUOptions {
  double alpha = 1;
  static Schema schema() { return {Option{"alpha", &ELUOptions::alpha, "how deep it gets", kPlace}}; }
};

class ELU final : public Described<Layer, ELUOptions>, public Bends {
 public:
  using Described::Described;
  Bending bending() const override { return {Bend::elu, option().alpha}; }

 protected:
  at::Tensor forward(const at::Tensor& x) override { return at::elu(x, option().alpha); }
};

LUMIR_MODULE(ELU, {.summary = "Bends what is below zero to alpha (exp(x) - 1).",
                   .returns = "the shape of x",
                   .example = "nn.ELU()(torch.randn(8, 64))",
                   .source = "torch.nn.ELU; Clevert et al. (2015)"});

}  // namespace
}  // namespace lumir::nn
