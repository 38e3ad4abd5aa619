// What losses share that measure how far off each number is.

#pragma once

#include "nn/loss.h"

namespace lumir::nn {

struct DistanceOptions {
  std::string reduction = "mean";
  static Schema schema() { return {reduction_option<DistanceOptions>()}; }
};

/// A loss of an outcome and a target of its shape.
template <class HowOptions, at::Tensor (*compute)(const at::Tensor& outcome, const at::Tensor& target,
                                                  int64_t reduction, const HowOptions&)>
class DistanceLoss final : public Described<Loss, HowOptions> {
 public:
  using Described<Loss, HowOptions>::Described;

 protected:
  at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) override {
    check_same_shape(outcome, target, this->name());
    return compute(outcome, target.to(outcome.scalar_type()), reduction_of(this->option().reduction), this->option());
  }
};

}  // namespace lumir::nn
