// CrossEntropyLoss: how unlikely the true class is by scores that are no probabilities yet.

#include <ATen/ops/cross_entropy_loss.h>

#include "nn/class_loss.h"

namespace lumir::nn {
namespace {

struct CrossEntropyOptions : ClassLossOptions {
  double label_smoothing = 0;
  static Schema schema() {
    return extend(ClassLossOptions::schema(),
                  Option{"label_smoothing", &CrossEntropyOptions::label_smoothing,
                         "share of the target that is spread over all classes", Range{0, 1}});
  }
};

class CrossEntropyLoss final : public ClassLoss<CrossEntropyOptions> {
 public:
  using ClassLoss::ClassLoss;

 protected:
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    const bool shares = outcome.sizes() == target.sizes();  // of each class, not class numbers
    if (!shares) check_classes(outcome, target);
    return at::cross_entropy_loss(outcome, shares ? target.to(outcome.scalar_type()) : target, weight_,
                                  reduction_of(option().reduction), ignored(), option().label_smoothing);
  }
};

LUMIR_MODULE(
    CrossEntropyLoss,
    {.summary = "How unlikely the true class is: -log softmax(x)[class], the mean of all rows. Targets are "
                "class numbers, or a share of each class in the shape of x (mixup).",
     .returns = "a number; with reduction = 'none' one for each target",
     .example = "nn.CrossEntropyLoss { label_smoothing = 0.1 }(torch.randn(4, 3), torch.tensor { 1, 3, 2, 1 })",
     .source = "torch.nn.CrossEntropyLoss"});

}  // namespace
}  // namespace lumir::nn
