// RMSprop: gradients over the root of the running mean of their squares.

#include <ATen/core/Tensor.h>

#include "optim/optimizer.h"

namespace lumir::optim {
namespace {

struct RMSpropOptions : OptimizerOptions {
  RMSpropOptions() { lr = 0.01; }
  double alpha = 0.99;
  double eps = 1e-8;
  double momentum = 0;
  bool centered = false;
  static Schema schema() {
    using S = RMSpropOptions;
    return extend(optimizer_schema<S>(), Option{"alpha", &S::alpha, "how long squares are remembered", Range{0, 1}},
                  Option{"eps", &S::eps, "added to the root of the squares", kNonNegative},
                  Option{"momentum", &S::momentum, "share of the last step that goes on", kNonNegative},
                  Option{"centered", &S::centered, "divides by the deviation from the mean gradient"});
  }
};

class RMSprop final : public Described<RMSpropOptions> {
 public:
  using Described::Described;
  double* momentum(size_t group) override { return &of_group(group).momentum; }

 protected:
  std::vector<std::string> slots() const override { return {"step", "square_avg", "momentum_buffer", "grad_avg"}; }

  void update(const RMSpropOptions& options, Slice& slice) const override {
    slice.counted(0);
    const auto squares = slice.column(1);
    const auto steps = options.momentum > 0 ? slice.column(2) : std::vector<at::Tensor>{};
    const auto means = options.centered ? slice.column(3) : std::vector<at::Tensor>{};
    for (size_t i = 0; i < slice.size(); ++i) {
      const at::Tensor gradient = followed(options, slice, i);
      squares[i].mul_(options.alpha).addcmul_(gradient, gradient, 1 - options.alpha);
      if (options.centered) means[i].lerp_(gradient, 1 - options.alpha);
      const at::Tensor power = options.centered ? squares[i].addcmul(means[i], means[i], -1) : squares[i];
      const at::Tensor root = power.sqrt().add_(options.eps);
      if (options.momentum > 0) {
        steps[i].mul_(options.momentum).addcdiv_(gradient, root);
        slice.parameters[i].sub_(steps[i], options.lr);
      } else {
        slice.parameters[i].addcdiv_(gradient, root, -options.lr);
      }
    }
  }
};

LUMIR_OPTIMIZER(RMSprop, {.summary = "Steps by the gradient over the root of the running mean of its squares.",
                          .returns = "an Optimizer",
                          .example = "optim.RMSprop({ w }, { lr = 0.001 })",
                          .source = "torch.optim.RMSprop; Tieleman and Hinton, Lecture 6.5 (2012)"});

}  // namespace
}  // namespace lumir::optim
