// What optimisers share that keep running means of gradients and of their squares.

#pragma once

#include "optim/optimizer.h"

namespace lumir::optim {

struct MomentsOptions : OptimizerOptions {
  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
};
/// The option `betas` of S.
template <class S>
Option betas_option() {
  return Option{"betas", &S::betas, "how long gradients and their squares are remembered", Range{0, below(1)}};
}
template <class S>
Schema moments_schema() {
  return extend(optimizer_schema<S>(), betas_option<S>(),
                Option{"eps", &S::eps, "added to the root of the squares", kNonNegative});
}

/// The means of gradients and squares, this step's included; both are changed in place.
template <class Options>
void remember(const Options& options, const at::Tensor& gradient, at::Tensor mean, at::Tensor squares) {
  mean.lerp_(gradient, 1 - options.betas[0]);
  squares.mul_(options.betas[1]).addcmul_(gradient, gradient, 1 - options.betas[1]);
}

/// An optimiser with two betas, the first of which schedules may turn.
template <class OptionsStruct>
class WithBetas : public Described<OptionsStruct> {
 public:
  WithBetas(const Entry& entry, const Map& given) : Described<OptionsStruct>(entry, given) {
    WithBetas::check(this->of_group(0), this->name());
  }
  double* momentum(size_t group) override { return this->of_group(group).betas.data(); }

 protected:
  std::vector<std::string> slots() const override { return {"step", "exp_avg", "exp_avg_sq"}; }
  void check(const OptionsStruct& options, const std::string& who) const override {
    if (options.betas.size() != 2) {
      throw ArgumentError(who + ": 'betas' must be 2 numbers, got " + std::to_string(options.betas.size()));
    }
  }
};

}  // namespace lumir::optim
