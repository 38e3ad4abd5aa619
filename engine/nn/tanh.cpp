// Tanh: every number is bent into -1 to 1.

#include <ATen/ops/tanh.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

using Tanh = Activation<at::tanh>;

LUMIR_MODULE(Tanh, {.summary = "The hyperbolic tangent of every number: -1 to 1.",
                    .returns = "the shape of x",
                    .example = "nn.Tanh()(torch.randn(8, 64))",
                    .source = "torch.nn.Tanh"});

}  // namespace
}  // namespace lumir::nn
