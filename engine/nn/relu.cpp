// ReLU: what is below zero becomes zero.

#include <ATen/ops/relu.h>

#include "nn/bend.h"
#include "nn/module.h"

namespace lumir::nn {
namespace {

class ReLU final : public Described<Layer, NoOptions>, public Bends {
 public:
  using Described::Described;
  Bending bending() const override { return {Bend::relu}; }

 protected:
  at::Tensor forward(const at::Tensor& x) override { return at::relu(x); }
};

LUMIR_MODULE(ReLU, {.summary = "What is below zero becomes zero.",
                    .returns = "the shape of x",
                    .example = "nn.ReLU()(torch.randn(8, 64))",
                    .source = "torch.nn.ReLU"});

}  // namespace
}  // namespace lumir::nn
