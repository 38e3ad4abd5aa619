// CrossEntropyLoss: how unlikely the true class is by scores that are no probabilities yet.

#include <ATen/ops/cross_entropy_loss.h>

#include "nn/loss.h"
#include "nn/sizes.h"
#include "tensor/show.h"

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
    if (!shares) check_classes(outcome, target);
    return at::cross_entropy_loss(outcome, shares ? target.to(outcome.scalar_type()) : target, weight_,
                                  reduction_of(option().reduction), ignored(), option().label_smoothing);
  }

 private:
  /// Throws where there is not one class for each row of scores, or one that no score is of; of those on a graphics card
  /// the latter is not looked for.
  void check_classes(const at::Tensor& outcome, const at::Tensor& target) const {
    if (outcome.dim() >= 2 && target.dim() != outcome.dim() - 1) {
      throw ArgumentError(name() + ": the scores are " + tensor::show_shape(outcome.sizes()) +
                          ", so the target has a class for each row, or their shape; got " +
                          tensor::show_shape(target.sizes()));
    }
    if (!target.is_cpu() || outcome.dim() == 0 || target.is_floating_point()) return;
    const int64_t classes = outcome.size(outcome.dim() > 1 ? 1 : 0);
    const at::Tensor wrong = target.lt(0).logical_or_(target.ge(classes)).logical_and_(target.ne(ignored()));
    if (!wrong.any().item<bool>()) return;
    const auto found = target.masked_select(wrong)[0].item<int64_t>();
    throw ArgumentError(name() + ": the scores are of classes 1 to " + std::to_string(classes) + ", the target holds " +
                        std::to_string(found < 0 ? found : found + 1));
  }
  int64_t ignored() const { return option().ignore_index.number; }

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
