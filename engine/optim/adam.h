// What Adam and AdamW share: running means of gradients and of their squares, and LibTorch's fused kernels over them.
//
// Tried: numbers below full precision as zeros (core/denormals.h) in all of a training. On an AMD EPYC (Zen 4) that gains
// nothing in products and functions (a million: mul 0.10 ms either way, tanh 2.6), and only here, where gradients are such
// numbers themselves: 0.85 ms a million in place of 1.7. Not worth that results depend on who made LibTorch's threads, which
// have it or not for good; kernels of our own do without such numbers.

#pragma once

#include "optim/moments.h"

namespace lumir::optim {

struct AdamOptions : MomentsOptions {
  bool amsgrad = false;
};
template <class S>
Schema adam_schema() {
  return extend(moments_schema<S>(), Option{"amsgrad", &S::amsgrad, "divides by the largest mean of squares so far"});
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
class AdamLike : public WithBetas<OptionsStruct> {
 public:
  using WithBetas<OptionsStruct>::WithBetas;

 protected:
  std::vector<std::string> slots() const override { return {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"}; }
  void update(const OptionsStruct& options, Slice& slice) const override { update_adam(kernel, options, slice); }
};

}  // namespace lumir::optim
