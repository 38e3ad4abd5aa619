// What Adam and AdamW share: running means of gradients and of their squares, and LibTorch's fused kernels over them.
//
// Tried: numbers below full precision as zeros (core/denormals.h) in all of a training. On an AMD EPYC (Zen 4) that gains
// nothing in products and functions (a million: mul 0.10 ms either way, tanh 2.6), and only here, where gradients are such
// numbers themselves: 0.85 ms a million in place of 1.7. Not worth that results depend on who made LibTorch's threads, which
// have it or not for good; kernels of our own do without such numbers.

#pragma once

#include "optim/optimizer.h"

namespace lumir::optim {

struct AdamOptions : OptimizerOptions {
  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
  bool amsgrad = false;
};
template <class S>
Schema adam_schema() {
  return extend(optimizer_schema<S>(),
                Option{"betas", &S::betas, "how long gradients and their squares are remembered", Range{0, below(1)}},
                Option{"eps", &S::eps, "added to the root of the squares", kNonNegative},
                Option{"amsgrad", &S::amsgrad, "divides by the largest mean of squares so far"});
}

/// The signature of at::_fused_adam_ and at::_fused_adamw_.
using FusedAdam = void (*)(at::TensorList parameters, at::TensorList gradients, at::TensorList means,
                           at::TensorList squares, at::TensorList largest, at::TensorList steps, double lr,
                           double beta1, double beta2, double weight_decay, double eps, bool amsgrad, bool maximize,
                           const std::optional<at::Tensor>& scale, const std::optional<at::Tensor>& infinite);

inline void update_adam(FusedAdam kernel, const AdamOptions& options, Slice& slice) {
  const auto means = slice.column(1), squares = slice.column(2);
  const auto largest = options.amsgrad ? slice.column(3) : std::vector<at::Tensor>{};
  kernel(slice.parameters, slice.gradients, means, squares, largest, slice.counted(0), options.lr, options.betas[0],
         options.betas[1], options.weight_decay, options.eps, options.amsgrad, options.maximize, {}, {});
}

/// Both, but for the kernel.
template <class OptionsStruct, FusedAdam kernel>
class AdamLike : public Described<OptionsStruct> {
 public:
  AdamLike(const Entry& entry, const Map& given) : Described<OptionsStruct>(entry, given) {
    AdamLike::check(this->of_group(0), this->name());
  }
  double* momentum(size_t group) override { return this->of_group(group).betas.data(); }

 protected:
  std::vector<std::string> slots() const override { return {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"}; }
  void update(const OptionsStruct& options, Slice& slice) const override { update_adam(kernel, options, slice); }
  void check(const OptionsStruct& options, const std::string& who) const override {
    if (options.betas.size() != 2) {
      throw ArgumentError(who + ": 'betas' must be 2 numbers, got " + std::to_string(options.betas.size()));
    }
  }
};

}  // namespace lumir::optim
