// NLLLoss: how unlikely the true class is by logarithms of probabilities.

#include <ATen/ops/nll_loss_nd.h>

#include "nn/class_loss.h"

namespace lumir::nn {
namespace {

class NLLLoss final : public ClassLoss<ClassLossOptions> {
 public:
  using ClassLoss::ClassLoss;

 protected:
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    check_classes(outcome, target);
    return at::nll_loss_nd(outcome, target, weight_, reduction_of(option().reduction), ignored());
  }
};

LUMIR_MODULE(NLLLoss, {.summary = "How unlikely the true class is: -x[class], of log-probabilities (LogSoftmax), the "
                                  "mean of all rows. Targets are class numbers.",
                       .returns = "a number; with reduction = 'none' one for each target",
                       .example = "nn.NLLLoss()(torch.randn(4, 3):log_softmax(2), torch.tensor { 1, 3, 2, 1 })",
                       .source = "torch.nn.NLLLoss"});

}  // namespace
}  // namespace lumir::nn
