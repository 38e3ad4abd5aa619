// Adam: every number of a parameter has a rate of its own, by the size of its gradients.

#include "optim/adam.h"

#include <ATen/ops/_fused_adam.h>

namespace lumir::optim {
namespace {

struct Options : AdamOptions {
  static Schema schema() { return adam_schema<Options>(); }
};

using Adam = AdamLike<Options, at::_fused_adam_>;

LUMIR_OPTIMIZER(Adam, {.summary = "Steps by the running mean of gradients over the root of that of their squares; "
                                  "weight decay is part of the gradient.",
                       .returns = "an Optimizer",
                       .example = "optim.Adam({ w }, { lr = 0.001 })",
                       .source = "torch.optim.Adam; Kingma and Ba, Adam: A Method for Stochastic Optimization (2015)"});

}  // namespace
}  // namespace lumir::optim
