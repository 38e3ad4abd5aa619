// SELU: an ELU whose scale keeps mean 0 and deviation 1 from layer to layer.

#include <ATen/ops/selu.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

using SELU = Activation<at::selu>;

LUMIR_MODULE(SELU, {.summary = "Bends what is below zero as ELU does, scaled so that mean 0 and deviation 1 stay.",
                    .returns = "the shape of x",
                    .example = "nn.SELU()(torch.randn(8, 64))",
                    .source = "torch.nn.SELU; Klambauer et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
