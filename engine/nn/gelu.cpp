// GELU: every number times how likely a normal one is below it.

#include <ATen/ops/gelu.h>

#include "nn/module.h"

namespace lumir::nn {
namespace {

struct GELUOptions {
  std::string approximate = "none";
  static Schema schema() {
    return {Option{"approximate", &GELUOptions::approximate, "by tanh, faster, in place of the error function",
                   Choices{"none", "tanh"}}};
  }
};

class GELU final : public Described<Layer, GELUOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return at::gelu(x, option().approximate); }
};

LUMIR_MODULE(GELU, {.summary = "Multiplies every number by how likely a normal one is below it.",
                    .returns = "the shape of x",
                    .example = "nn.GELU { approximate = 'tanh' }(torch.randn(8, 64))",
                    .source = "torch.nn.GELU; Hendrycks and Gimpel (2016)"});

}  // namespace
}  // namespace lumir::nn
