// GLU: one half of the numbers opens and closes the other.

#include <ATen/ops/glu.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct GLUOptions {
  Position dim{-1};
  static Schema schema() {
    return {Option{"dim", &GLUOptions::dim, "the dimension that is halved, from 1; -1 is the last", kPlace}};
  }
};

class GLU final : public Described<Layer, GLUOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return at::glu(x, option().dim.number); }
};

LUMIR_MODULE(GLU, {.summary = "Multiplies the first half along one dimension by the sigmoid of the second.",
                   .returns = "the shape of x, that dimension half as long",
                   .example = "nn.GLU(2)(torch.randn(8, 64, 100))",
                   .source = "torch.nn.GLU; Dauphin et al. (2016)"});

}  // namespace
}  // namespace lumir::nn
