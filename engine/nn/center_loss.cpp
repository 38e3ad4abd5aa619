// CenterLoss: every class has a centre that is learnt, and its examples come near.

#include <ATen/TensorOperators.h>

#include "nn/init.h"
#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct CenterOptions {
  int num_classes = 1, feat_dim = 1;
  std::string reduction = "mean";
  static Schema schema() {
    using S = CenterOptions;
    return {Option{"num_classes", &S::num_classes, "classes", Range{1}, kArgument},
            Option{"feat_dim", &S::feat_dim, "numbers of an example", Range{1}, kArgument}, reduction_option<S>()};
  }
};

class CenterLoss final : public Described<Loss, CenterOptions> {
 public:
  using Described::Described;
  std::vector<size_t> positions() const override { return {1}; }

 protected:
  void build() override {
    add_parameter("centers", centers_, draw_normal({option().num_classes, option().feat_dim}, 1));
  }
  at::Tensor forward(const at::Tensor& x, const at::Tensor& target) override {
    check_rows(x, target, option().feat_dim, option().num_classes, name());
    const at::Tensor away = x - centers_.index_select(0, target);
    return reduced(away.square().sum(1) / 2, option().reduction);
  }

 private:
  at::Tensor centers_;
};

LUMIR_MODULE(CenterLoss, {.summary = "Half the square of each example's distance from the centre of its class, the "
                                     "mean of all rows; the centres are learnt. It is added to a loss that keeps "
                                     "classes apart; optim.Adam { net, loss } learns both, as nn.fit does.",
                          .returns = "a number; with reduction = 'none' one for each row",
                          .example = "nn.CenterLoss(3, 8)(torch.randn(4, 8), torch.tensor { 1, 3, 2, 1 })",
                          .source = "Wen et al., A Discriminative Feature Learning Approach (2016)"});

}  // namespace
}  // namespace lumir::nn
