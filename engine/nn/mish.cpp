// Mish: every number times the tanh of its softplus.

#include <ATen/ops/mish.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

using Mish = Activation<at::mish>;

LUMIR_MODULE(Mish, {.summary = "Multiplies every number by tanh(log(1 + exp(x))).",
                    .returns = "the shape of x",
                    .example = "nn.Mish()(torch.randn(8, 64))",
                    .source = "torch.nn.Mish; Misra (2019)"});

}  // namespace
}  // namespace lumir::nn
