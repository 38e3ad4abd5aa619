// PositionalEncoding: waves of many lengths say which place of a sequence this is.

#include <ATen/ops/arange.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/stack.h>

#include <cmath>

#include "nn/positions.h"

namespace lumir::nn {
namespace {

class PositionalEncoding final : public Positions {
 public:
  using Positions::Positions;

 protected:
  void build() override {
    const int64_t numbers = option().d_model;
    const at::Tensor place = at::arange(option().max_len, at::kDouble).unsqueeze(1);
    const at::Tensor step =
        at::arange(0, numbers, 2, at::kDouble) * (-std::log(10000.0) / static_cast<double>(numbers));
    const at::Tensor angle = place * step.exp();
    const at::Tensor waves = at::stack({at::sin(angle), at::cos(angle)}, 2).flatten(1);
    add_buffer("pe", table_, waves.narrow(1, 0, numbers).to(at::kFloat).contiguous(), /*persistent=*/false);
  }
};

LUMIR_MODULE(PositionalEncoding,
             {.summary = "Adds sines and cosines of many lengths, from 2 pi to 20,000 pi places, to each place of a "
                         "sequence; then dropout.",
              .returns = "the shape of x",
              .example = "nn.PositionalEncoding(64)(torch.randn(8, 100, 64))",
              .source = "Vaswani et al., Attention Is All You Need (2017), sec. 3.5"});

}  // namespace
}  // namespace lumir::nn
