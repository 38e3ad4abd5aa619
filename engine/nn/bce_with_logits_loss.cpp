// BCEWithLogitsLoss: how unlikely the truth is where each class is there or not, by itself (tags of a song).

#include <ATen/ops/binary_cross_entropy_with_logits.h>

#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct BceOptions {
  std::vector<double> weight, pos_weight;
  std::string reduction = "mean";
  static Schema schema() {
    return {Option{"weight", &BceOptions::weight, "of each class; empty: all alike", kNonNegative},
            Option{"pos_weight", &BceOptions::pos_weight,
                   "of the examples that have a class, for each class; empty: as those that have not", kNonNegative},
            reduction_option<BceOptions>()};
  }
};

class BCEWithLogitsLoss final : public Described<Loss, BceOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    if (!option().weight.empty()) add_buffer("weight", weight_, floats(option().weight));
    if (!option().pos_weight.empty()) add_buffer("pos_weight", pos_weight_, floats(option().pos_weight));
  }
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    check_same_shape(outcome, target, name());
    return at::binary_cross_entropy_with_logits(outcome, target.to(outcome.scalar_type()), weight_, pos_weight_,
                                                reduction_of(option().reduction));
  }

 private:
  at::Tensor weight_, pos_weight_;
};

LUMIR_MODULE(BCEWithLogitsLoss,
             {.summary = "How unlikely the truth is where each class is there (1) or not (0) by itself: of scores, "
                         "before any sigmoid.",
              .returns = "a number; with reduction = 'none' one for each number",
              .example = "nn.BCEWithLogitsLoss()(torch.randn(4, 3), torch.ones(4, 3))",
              .source = "torch.nn.BCEWithLogitsLoss"});

}  // namespace
}  // namespace lumir::nn
