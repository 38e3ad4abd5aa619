// Hardswish: SiLU made of straight lines.

#include <ATen/ops/hardswish.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

using Hardswish = Activation<at::hardswish>;

LUMIR_MODULE(Hardswish,
             {.summary = "Multiplies every number by what a straight line from -3 to 3 makes of it, between 0 and 1.",
              .returns = "the shape of x",
              .example = "nn.Hardswish()(torch.randn(8, 64))",
              .source = "torch.nn.Hardswish; Howard et al., MobileNetV3 (2019)"});

}  // namespace
}  // namespace lumir::nn
