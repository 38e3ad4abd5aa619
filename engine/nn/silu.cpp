// SiLU: every number times its sigmoid (swish).

#include <ATen/ops/silu.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

using SiLU = Activation<at::silu>;

LUMIR_MODULE(SiLU, {.summary = "Multiplies every number by its sigmoid.",
                    .returns = "the shape of x",
                    .example = "nn.SiLU()(torch.randn(8, 64))",
                    .source = "torch.nn.SiLU; Elfwing et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
