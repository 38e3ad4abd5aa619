// Sigmoid: every number is bent into 0 to 1.

#include <ATen/ops/sigmoid.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

using Sigmoid = Activation<at::sigmoid>;

LUMIR_MODULE(Sigmoid, {.summary = "1 / (1 + exp(-x)) of every number: 0 to 1, a probability by itself.",
                       .returns = "the shape of x",
                       .example = "nn.Sigmoid()(torch.randn(8, 64))",
                       .source = "torch.nn.Sigmoid"});

}  // namespace
}  // namespace lumir::nn
