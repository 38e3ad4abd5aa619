// NAdam: Adam that looks ahead along its momentum.

#include <cmath>

#include <ATen/ops/ones.h>

#include "optim/decoupled.h"

namespace lumir::optim {
namespace {

struct NAdamOptions : DecoupledOptions {
  NAdamOptions() { lr = 2e-3; }
  double momentum_decay = 4e-3;
  static Schema schema() {
    return extend(decoupled_schema<NAdamOptions>(),
                  Option{"momentum_decay", &NAdamOptions::momentum_decay, "how fast the momentum rises", kNonNegative});
  }
};

class NAdam final : public WithBetas<NAdamOptions> {
 public:
  using WithBetas::WithBetas;

 protected:
  std::vector<std::string> slots() const override { return {"step", "exp_avg", "exp_avg_sq", "mu_product"}; }

  void update(const NAdamOptions& options, Slice& slice) const override {
    const auto steps = slice.counted(0), means = slice.column(1), squares = slice.column(2);
    for (size_t i = 0; i < slice.size(); ++i) {
      const auto step = steps[i].item<double>();
      const at::Tensor gradient = followed_or_decayed(options, slice, i);
      remember(options, gradient, means[i], squares[i]);
      const double mu = momentum_at(options, step), next = momentum_at(options, step + 1);
      at::Tensor& product = slice.memory(i, 3);
      if (!product.defined()) product = at::ones({}, at::kFloat);
      const auto so_far = product.mul_(mu).item<double>();
      const at::Tensor root = squares[i].div(1 - std::pow(options.betas[1], step)).sqrt().add_(options.eps);
      slice.parameters[i].addcdiv_(gradient, root, -options.lr * (1 - mu) / (1 - so_far));
      slice.parameters[i].addcdiv_(means[i], root, -options.lr * next / (1 - so_far * next));
    }
  }

 private:
  static double momentum_at(const NAdamOptions& options, double step) {
    return options.betas[0] * (1 - 0.5 * std::pow(0.96, step * options.momentum_decay));
  }
};

LUMIR_OPTIMIZER(NAdam, {.summary = "Adam with Nesterov's momentum.",
                        .returns = "an Optimizer",
                        .example = "optim.NAdam({ w }, { lr = 0.002 })",
                        .source = "torch.optim.NAdam; Dozat, Incorporating Nesterov Momentum into Adam (2016)"});

}  // namespace
}  // namespace lumir::optim
