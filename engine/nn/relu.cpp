// ReLU: what is below zero becomes zero.

#include <ATen/ops/relu.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

using ReLU = Activation<at::relu>;

LUMIR_MODULE(ReLU, {.summary = "What is below zero becomes zero.",
                    .returns = "the shape of x",
                    .example = "nn.ReLU()(torch.randn(8, 64))",
                    .source = "torch.nn.ReLU"});

}  // namespace
}  // namespace lumir::nn
