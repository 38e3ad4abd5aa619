// Adagrad: gradients over the root of the sum of all their squares so far.

#include <ATen/ops/full_like.h>

#include "optim/optimizer.h"

namespace lumir::optim {
namespace {

struct AdagradOptions : OptimizerOptions {
  AdagradOptions() { lr = 0.01; }
  double lr_decay = 0, initial_accumulator_value = 0, eps = 1e-10;
  static Schema schema() {
    using S = AdagradOptions;
    return extend(
        optimizer_schema<S>(),
        Option{"lr_decay", &S::lr_decay, "how the rate falls: lr / (1 + t lr_decay)", kNonNegative},
        Option{"initial_accumulator_value", &S::initial_accumulator_value, "what the sums begin with", kNonNegative},
        Option{"eps", &S::eps, "added to the root of the sums", kNonNegative});
  }
};

class Adagrad final : public Described<AdagradOptions> {
 public:
  using Described::Described;

 protected:
  std::vector<std::string> slots() const override { return {"step", "sum"}; }

  void update(const AdagradOptions& options, Slice& slice) const override {
    for (size_t i = 0; i < slice.size(); ++i) {
      at::Tensor& sum = slice.memory(i, 1);
      if (!sum.defined()) sum = at::full_like(slice.parameters[i], options.initial_accumulator_value);
    }
    const auto steps = slice.counted(0), sums = slice.column(1);
    for (size_t i = 0; i < slice.size(); ++i) {
      const double rate = options.lr / (1 + (steps[i].item<double>() - 1) * options.lr_decay);
      const at::Tensor gradient = followed(options, slice, i);
      sums[i].addcmul_(gradient, gradient);
      slice.parameters[i].addcdiv_(gradient, sums[i].sqrt().add_(options.eps), -rate);
    }
  }
};

LUMIR_OPTIMIZER(Adagrad, {.summary = "Steps by the gradient over the root of the sum of its squares so far.",
                          .returns = "an Optimizer",
                          .example = "optim.Adagrad({ w }, { lr = 0.01 })",
                          .source = "torch.optim.Adagrad; Duchi et al. (2011)"});

}  // namespace
}  // namespace lumir::optim
