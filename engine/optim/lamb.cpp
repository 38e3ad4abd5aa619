// Lamb: Adam whose step in each tensor is as long as the tensor is large, for large batches.

#include <cmath>

#include "optim/moments.h"

namespace lumir::optim {
namespace {

struct LambOptions : MomentsOptions {
  LambOptions() {
    eps = 1e-6;
    weight_decay = 0.01;
  }
  static Schema schema() { return moments_schema<LambOptions>(); }
};

class Lamb final : public WithBetas<LambOptions> {
 public:
  using WithBetas::WithBetas;

 protected:
  void update(const LambOptions& options, Slice& slice) const override {
    const auto steps = slice.counted(0), means = slice.column(1), squares = slice.column(2);
    for (size_t i = 0; i < slice.size(); ++i) {
      const auto step = steps[i].item<double>();
      remember(options, followed(options, slice, i, /*decays=*/false), means[i], squares[i]);
      const at::Tensor mean = means[i].div(1 - std::pow(options.betas[0], step));
      const at::Tensor root = squares[i].div(1 - std::pow(options.betas[1], step)).sqrt().add_(options.eps);
      const at::Tensor way = mean.div(root).add_(slice.parameters[i], options.weight_decay);
      const auto size = slice.parameters[i].norm().item<double>(), length = way.norm().item<double>();
      const double trust = size > 0 && length > 0 ? size / length : 1;
      slice.parameters[i].sub_(way, options.lr * trust);
    }
  }
};

LUMIR_OPTIMIZER(Lamb, {.summary = "Adam with weight decay, each tensor's step scaled to the tensor's own norm.",
                       .returns = "an Optimizer",
                       .example = "optim.Lamb({ w }, { lr = 0.002 })",
                       .source = "You et al., Large Batch Optimization for Deep Learning (2020), algorithm 2"});

}  // namespace
}  // namespace lumir::optim
