// MSELoss: the square of how far off each number is.

#include <ATen/ops/mse_loss.h>

#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct MseOptions {
  std::string reduction = "mean";
  static Schema schema() { return {reduction_option<MseOptions>()}; }
};

class MSELoss final : public Described<Loss, MseOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    check_same_shape(outcome, target, name());
    return at::mse_loss(outcome, target.to(outcome.scalar_type()), reduction_of(option().reduction));
  }
};

LUMIR_MODULE(MSELoss, {.summary = "The mean square of how far off the numbers are.",
                       .returns = "a number; with reduction = 'none' one for each number",
                       .example = "nn.MSELoss()(torch.randn(4, 3), torch.zeros(4, 3))",
                       .source = "torch.nn.MSELoss"});

}  // namespace
}  // namespace lumir::nn
