// Lion: every number moves by the same step, whichever way its momentum points.

#include "optim/moments.h"

namespace lumir::optim {
namespace {

struct LionOptions : OptimizerOptions {
  LionOptions() { lr = 1e-4; }
  std::vector<double> betas{0.9, 0.99};
  static Schema schema() { return extend(optimizer_schema<LionOptions>(), betas_option<LionOptions>()); }
};

class Lion final : public WithBetas<LionOptions> {
 public:
  using WithBetas::WithBetas;

 protected:
  std::vector<std::string> slots() const override { return {"exp_avg"}; }

  void update(const LionOptions& options, Slice& slice) const override {
    const auto means = slice.column(0);
    for (size_t i = 0; i < slice.size(); ++i) {
      const at::Tensor gradient = followed(options, slice, i, /*decays=*/false);
      slice.parameters[i].mul_(1 - options.lr * options.weight_decay);
      slice.parameters[i].sub_(means[i].lerp(gradient, 1 - options.betas[0]).sign_(), options.lr);
      means[i].lerp_(gradient, 1 - options.betas[1]);
    }
  }
};

LUMIR_OPTIMIZER(Lion,
                {.summary = "Steps by the sign of a running mean of gradients; weights decay by themselves. Rates "
                            "are three to ten times less than AdamW's.",
                 .returns = "an Optimizer",
                 .example = "optim.Lion({ w }, { lr = 0.0001, weight_decay = 0.1 })",
                 .source = "Chen et al., Symbolic Discovery of Optimization Algorithms (2023)"});

}  // namespace
}  // namespace lumir::optim
