// VICRegLoss: two views of one example are alike, while every number keeps varying and says something of its own.

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/relu.h>

#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct VICRegOptions {
  double sim_coeff = 25, std_coeff = 25, cov_coeff = 1, eps = 1e-4;
  static Schema schema() {
    using S = VICRegOptions;
    return {Option{"sim_coeff", &S::sim_coeff, "weight of how far views are apart", kNonNegative},
            Option{"std_coeff", &S::std_coeff, "weight of deviations below 1", kNonNegative},
            Option{"cov_coeff", &S::cov_coeff, "weight of covariances", kNonNegative},
            Option{"eps", &S::eps, "added to variances", kPositive}};
  }
};

class VICRegLoss final : public Described<Loss, VICRegOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& first, const at::Tensor& second) override {
    check_views(first, second, name());
    if (first.size(0) < 2) throw ArgumentError(name() + ": a batch must have two rows at least");
    const auto& how = option();
    const at::Tensor apart = at::mse_loss(first, second);
    return apart * how.sim_coeff + (stillness(first) + stillness(second)) * (how.std_coeff / 2) +
           (repetition(first) + repetition(second)) * how.cov_coeff;
  }

 private:
  at::Tensor stillness(const at::Tensor& x) const { return at::relu(1 - (x.var(0) + option().eps).sqrt()).mean(); }
  static at::Tensor repetition(const at::Tensor& x) {
    const at::Tensor centred = x - x.mean(0);
    const at::Tensor covariance = at::matmul(centred.t(), centred) / (x.size(0) - 1);
    return (covariance.square().sum() - covariance.diagonal().square().sum()) / x.size(1);
  }
};

LUMIR_MODULE(VICRegLoss,
             {.summary = "Of two views of each example: the mean square of their difference, how far deviations of "
                         "numbers over the batch are below 1, and squares of covariances between numbers.",
              .returns = "a number",
              .example = "nn.VICRegLoss()(torch.randn(8, 16), torch.randn(8, 16))",
              .source = "Bardes, Ponce and LeCun, VICReg (2022)"});

}  // namespace
}  // namespace lumir::nn
