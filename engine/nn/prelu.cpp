// PReLU: what is below zero is multiplied by a number that is learnt.

#include <ATen/ops/full.h>
#include <ATen/ops/prelu.h>

#include "nn/module.h"

namespace lumir::nn {
namespace {

struct PReLUOptions {
  int num_parameters = 1;
  double init = 0.25;
  static Schema schema() {
    return {Option{"num_parameters", &PReLUOptions::num_parameters, "1, or one for each channel", Range{1}, kPlace},
            Option{"init", &PReLUOptions::init, "what it is at first", kPlace}};
  }
};

class PReLU final : public Described<Layer, PReLUOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    add_parameter("weight", weight_, at::full({option().num_parameters}, option().init, at::kFloat));
  }
  at::Tensor forward(const at::Tensor& x) override { return at::prelu(x, weight_); }

 private:
  at::Tensor weight_;
};

LUMIR_MODULE(PReLU, {.summary = "Multiplies what is below zero by a learnt number, one for all or one for each "
                                "channel (the second dimension).",
                     .returns = "the shape of x",
                     .example = "nn.PReLU(64)(torch.randn(8, 64))",
                     .source = "torch.nn.PReLU; He et al., Delving Deep into Rectifiers (2015)"});

}  // namespace
}  // namespace lumir::nn
