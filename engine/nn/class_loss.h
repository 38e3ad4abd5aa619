// What losses of class numbers share.

#pragma once

#include "nn/loss.h"
#include "nn/sizes.h"

namespace lumir::nn {

struct ClassLossOptions {
  std::vector<double> weight;
  Position ignore_index{-100};
  std::string reduction = "mean";
  static Schema schema() {
    using S = ClassLossOptions;
    return {Option{"weight", &S::weight, "of each class; empty: all alike", kNonNegative},
            Option{"ignore_index", &S::ignore_index,
                   "the class, from 1, of targets that do not count; or a number below 0"},
            reduction_option<S>()};
  }
};

/// Throws ArgumentError where there is not one class for each row of scores, or one that no score is of; of those on a
/// graphics card the latter is not looked for.
void check_classes(const at::Tensor& outcome, const at::Tensor& target, int64_t ignored, const std::string& who);

/// A loss whose targets are class numbers, and whose classes may have weights.
template <class HowOptions>
class ClassLoss : public Described<Loss, HowOptions> {
 public:
  using Described<Loss, HowOptions>::Described;
  std::vector<size_t> positions() const override { return {1}; }

 protected:
  void build() override {
    if (!this->option().weight.empty()) this->add_buffer("weight", weight_, floats(this->option().weight));
  }
  void check_classes(const at::Tensor& outcome, const at::Tensor& target) const {
    nn::check_classes(outcome, target, ignored(), this->name());
  }
  int64_t ignored() const { return this->option().ignore_index.number; }

  at::Tensor weight_;
};

}  // namespace lumir::nn
