// What NAdam and RAdam share beside their moments: where weight decay stands.

#pragma once

#include "optim/moments.h"

namespace lumir::optim {

struct DecoupledOptions : MomentsOptions {
  bool decoupled_weight_decay = false;
};
template <class S>
Schema decoupled_schema() {
  return extend(moments_schema<S>(), Option{"decoupled_weight_decay", &S::decoupled_weight_decay,
                                            "weight decay stands beside the gradient, as AdamW has it"});
}

/// The gradient to follow; weights that decay by themselves have done so.
template <class Options>
at::Tensor followed_or_decayed(const Options& options, Slice& slice, size_t i) {
  if (options.decoupled_weight_decay) slice.parameters[i].mul_(1 - options.lr * options.weight_decay);
  return followed(options, slice, i, !options.decoupled_weight_decay);
}

}  // namespace lumir::optim
