// KLDivLoss: how much is lost where one distribution stands for another.

#include <ATen/TensorOperators.h>
#include <ATen/ops/kl_div.h>

#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct KLDivOptions {
  std::string reduction = "mean";
  bool log_target = false;
  static Schema schema() {
    using S = KLDivOptions;
    return {Option{"reduction", &S::reduction,
                   "of the losses of all numbers; 'batchmean': their sum over the rows, which is the divergence",
                   Choices{"mean", "batchmean", "sum", "none"}},
            Option{"log_target", &S::log_target, "targets are logarithms, too"}};
  }
};

class KLDivLoss final : public Described<Loss, KLDivOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    check_same_shape(outcome, target, name());
    const bool by_row = option().reduction == "batchmean";
    const at::Tensor loss = at::kl_div(outcome, target.to(outcome.scalar_type()),
                                       reduction_of(by_row ? "sum" : option().reduction), option().log_target);
    return by_row ? loss / outcome.size(0) : loss;
  }
};

LUMIR_MODULE(KLDivLoss, {.summary = "The divergence of a distribution from the target, of logarithms (LogSoftmax): "
                                    "target (log target - x).",
                         .returns = "a number; with reduction = 'none' one for each number",
                         .example = "nn.KLDivLoss { reduction = 'batchmean' }(torch.randn(4, 3):log_softmax(2), "
                                    "torch.rand(4, 3):softmax(2))",
                         .source = "torch.nn.KLDivLoss; Kullback and Leibler (1951)"});

}  // namespace
}  // namespace lumir::nn
