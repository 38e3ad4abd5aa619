// RAdam: Adam that goes by momentum alone until it has seen enough squares to trust them.

#include <cmath>

#include "optim/decoupled.h"

namespace lumir::optim {
namespace {

struct RAdamOptions : DecoupledOptions {
  static Schema schema() { return decoupled_schema<RAdamOptions>(); }
};

class RAdam final : public WithBetas<RAdamOptions> {
 public:
  using WithBetas::WithBetas;

 protected:
  void update(const RAdamOptions& options, Slice& slice) const override {
    const auto steps = slice.counted(0), means = slice.column(1), squares = slice.column(2);
    const double longest = 2 / (1 - options.betas[1]) - 1;  // of the squares' memory
    for (size_t i = 0; i < slice.size(); ++i) {
      const auto step = steps[i].item<double>();
      remember(options, followed_or_decayed(options, slice, i), means[i], squares[i]);
      const double forgotten = std::pow(options.betas[1], step);
      const double length = longest - 2 * step * forgotten / (1 - forgotten);
      at::Tensor way = means[i].div(1 - std::pow(options.betas[0], step)).mul(options.lr);
      if (length > 5) {
        const double trust =
            std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
        const at::Tensor root = squares[i].sqrt().add_(options.eps);
        way = way.mul(root.reciprocal().mul(std::sqrt(1 - forgotten))).mul(trust);
      }
      slice.parameters[i].sub_(way);
    }
  }
};

LUMIR_OPTIMIZER(RAdam,
                {.summary = "Adam whose steps are rectified by how many squares they rest on: a warm-up of its "
                            "own.",
                 .returns = "an Optimizer",
                 .example = "optim.RAdam({ w }, { lr = 0.001 })",
                 .source = "torch.optim.RAdam; Liu et al., On the Variance of the Adaptive Learning Rate (2020)"});

}  // namespace
}  // namespace lumir::optim
