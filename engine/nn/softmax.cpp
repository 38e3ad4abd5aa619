// Softmax: scores become shares that add up to 1.

#include <ATen/ops/softmax.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct SoftmaxOptions {
  Position dim{-1};
  static Schema schema() {
    return {Option{"dim", &SoftmaxOptions::dim, "along which dimension, from 1; -1 is the last", kArgument}};
  }
};

class Softmax final : public Described<Layer, SoftmaxOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return at::softmax(x, option().dim.number); }
};

LUMIR_MODULE(Softmax, {.summary = "Scores as shares that add up to 1 along one dimension.",
                       .returns = "the shape of x",
                       .example = "nn.Softmax(-1)(torch.randn(8, 20))",
                       .source = "torch.nn.Softmax"});

}  // namespace
}  // namespace lumir::nn
