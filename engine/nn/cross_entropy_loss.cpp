// CrossEntropyLoss: how unlikely the true class is by scores that are no probabilities yet.

#include <ATen/ops/cross_entropy_loss.h>

#include "nn/loss.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct CrossEntropyOptions {
  std::vector<double> weight;
  Position ignore_index{-100};
  double label_smoothing = 0;
  std::string reduction = "mean";
  static Schema schema() {
    return {Option{"weight", &CrossEntropyOptions::weight, "of each class; empty: all alike", kNonNegative},
            Option{"ignore_index", &CrossEntropyOptions::ignore_index,
                   "the class, from 1, of targets that do not count; or a number below 0"},
            Option{"label_smoothing", &CrossEntropyOptions::label_smoothing,
                   "share of the target that is spread over all classes", Range{0, 1}},
            reduction_option<CrossEntropyOptions>()};
  }
};

class CrossEntropyLoss final : public Described<Loss, CrossEntropyOptions> {
 public:
  using Described::Described;
  std::vector<size_t> positions() const override { return {1}; }

 protected:
  void build() override {
    if (!option().weight.empty()) add_buffer("weight", weight_, floats(option().weight));
  }
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    const bool shares = outcome.sizes() == target.sizes();  // of each class, not class numbers
    return at::cross_entropy_loss(outcome, shares ? target.to(outcome.scalar_type()) : target, weight_,
                                  reduction_of(option().reduction), option().ignore_index.number,
                                  option().label_smoothing);
  }

 private:
  at::Tensor weight_;
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
