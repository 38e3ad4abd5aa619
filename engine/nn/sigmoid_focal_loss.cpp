// SigmoidFocalLoss: the same where each class is there or not by itself.

#include <ATen/TensorOperators.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/sigmoid.h>

#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct SigmoidFocalOptions {
  std::optional<double> alpha = 0.25;
  double gamma = 2;
  std::string reduction = "mean";
  static Schema schema() {
    using S = SigmoidFocalOptions;
    return {
        Option{"alpha", &S::alpha, "share of what is there, 1 - alpha of what is not; 'none': all alike", Range{0, 1}},
        Option{"gamma", &S::gamma, "how little counts what is known already: 0 is cross-entropy", kNonNegative},
        reduction_option<S>()};
  }
};

class SigmoidFocalLoss final : public Described<Loss, SigmoidFocalOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    check_same_shape(outcome, target, name());
    const at::Tensor there = target.to(outcome.scalar_type()), p = at::sigmoid(outcome);
    const at::Tensor known = p * there + (1 - p) * (1 - there);
    at::Tensor losses = at::binary_cross_entropy_with_logits(outcome, there, {}, {}, at::Reduction::None) *
                        at::pow(1 - known, option().gamma);
    if (const auto alpha = option().alpha) losses = losses * (there * *alpha + (1 - there) * (1 - *alpha));
    return reduced(losses, option().reduction);
  }
};

LUMIR_MODULE(SigmoidFocalLoss,
             {.summary = "Cross-entropy of tags, each times (1 - p)^gamma, p being the probability of what is true.",
              .returns = "a number; with reduction = 'none' one for each number",
              .example = "nn.SigmoidFocalLoss()(torch.randn(4, 3), torch.ones(4, 3))",
              .source = "torchvision.ops.sigmoid_focal_loss; Lin et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
