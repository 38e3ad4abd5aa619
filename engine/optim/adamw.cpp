// AdamW: Adam with weights that decay by themselves, beside the gradient.

#include "optim/adam.h"

#include <ATen/ops/_fused_adamw.h>

namespace lumir::optim {
namespace {

struct Options : AdamOptions {
  Options() { weight_decay = 0.01; }
  static Schema schema() { return adam_schema<Options>(); }
};

using AdamW = AdamLike<Options, at::_fused_adamw_>;

LUMIR_OPTIMIZER(AdamW, {.summary = "Adam with weight decay beside the gradient: weights shrink by lr * weight_decay.",
                        .returns = "an Optimizer",
                        .example = "optim.AdamW({ w }, { lr = 0.001, weight_decay = 0.05 })",
                        .source = "torch.optim.AdamW; Loshchilov and Hutter, Decoupled Weight Decay Regularization "
                                  "(2019)"});

}  // namespace
}  // namespace lumir::optim
