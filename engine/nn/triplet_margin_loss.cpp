// TripletMarginLoss: an anchor is nearer to one of its own kind than to a stranger, by a margin.

#include <ATen/ops/triplet_margin_loss.h>

#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct TripletOptions {
  double margin = 1, p = 2, eps = 1e-6;
  bool swap = false;
  std::string reduction = "mean";
  static Schema schema() {
    using S = TripletOptions;
    return {Option{"margin", &S::margin, "how much nearer", kPositive},
            Option{"p", &S::p, "the norm of distances", kPositive},
            Option{"eps", &S::eps, "added to differences", kNonNegative},
            Option{"swap", &S::swap, "the stranger's distance to the one of the same kind counts where it is less"},
            reduction_option<S>()};
  }
};

class TripletMarginLoss final : public Described<Module, TripletOptions> {
 public:
  using Described::Described;

 protected:
  Flow flow(const Flow& input) override {
    if (input.tensors.size() != 3 || !input.named.empty()) {
      throw ArgumentError(name() + ": takes an anchor, one of its kind and a stranger, got " +
                          std::to_string(input.tensors.size()) + " tensors");
    }
    const Tensors& x = input.tensors;
    check_same_shape(x[0], x[1], name());
    check_same_shape(x[0], x[2], name());
    const auto& how = option();
    return {
        {at::triplet_margin_loss(x[0], x[1], x[2], how.margin, how.p, how.eps, how.swap, reduction_of(how.reduction))}};
  }
};

LUMIR_MODULE(TripletMarginLoss,
             {.summary = "How much an anchor is not nearer to one of its kind than to a stranger by a margin: "
                         "max(0, |a - p| - |a - n| + margin).",
              .returns = "a number; with reduction = 'none' one for each row",
              .example = "nn.TripletMarginLoss()(torch.randn(4, 8), torch.randn(4, 8), torch.randn(4, 8))",
              .source = "torch.nn.TripletMarginLoss; Balntas et al. (2016)"});

}  // namespace
}  // namespace lumir::nn
