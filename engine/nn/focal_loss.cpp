// FocalLoss: cross-entropy in which what is known already counts little.

#include <ATen/TensorOperators.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/pow.h>

#include "nn/class_loss.h"

namespace lumir::nn {
namespace {

struct FocalOptions : ClassLossOptions {
  double gamma = 2;
  static Schema schema() {
    return extend(ClassLossOptions::schema(),
                  Option{"gamma", &FocalOptions::gamma, "how little: 0 is cross-entropy", kNonNegative});
  }
};

class FocalLoss final : public ClassLoss<FocalOptions> {
 public:
  using ClassLoss::ClassLoss;

 protected:
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    check_classes(outcome, target);
    const auto entropy = [&](const at::Tensor& weight) {
      return at::cross_entropy_loss(outcome, target, weight, at::Reduction::None, ignored());
    };
    const at::Tensor unknown = 1 - (-entropy({})).exp();
    const at::Tensor losses = at::pow(unknown, option().gamma) * entropy(weight_);
    return reduced(losses, option().reduction, target.ne(ignored()));
  }
};

LUMIR_MODULE(FocalLoss,
             {.summary = "Cross-entropy of scores, each row times (1 - p)^gamma, p being the true class's probability; "
                         "the mean of all rows that count. Targets are class numbers.",
              .returns = "a number; with reduction = 'none' one for each target",
              .example = "nn.FocalLoss { gamma = 2 }(torch.randn(4, 3), torch.tensor { 1, 3, 2, 1 })",
              .source = "Lin et al., Focal Loss for Dense Object Detection (2017), with a softmax"});

}  // namespace
}  // namespace lumir::nn
