// What dropouts share.

#pragma once

#include <ATen/ops/feature_dropout.h>

#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/show.h"

namespace lumir::nn {

struct DropoutOptions {
  double p = 0.5;
  static Schema schema() {
    return {Option{"p", &DropoutOptions::p, "how likely one is set to zero in training", Range{0, 1}, kPlace}};
  }
};

/// The class of Dropout1d ... Dropout3d. Of pictures it takes no single one: PyTorch takes that for a batch of rows.
template <size_t dimensions>
class ChannelDropout final : public Described<Layer, DropoutOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    constexpr int64_t whole = dimensions + 2;
    if (x.dim() == whole) return at::feature_dropout(x, option().p, training());
    if (dimensions != 2 && x.dim() == whole - 1) {
      return at::feature_dropout(x.unsqueeze(0), option().p, training()).squeeze(0);
    }
    throw ArgumentError(name() + ": takes " + shape_words(dimensions) +
                        (dimensions == 2 ? "" : " or one such example") + ", got " + tensor::show_shape(x.sizes()));
  }
};

}  // namespace lumir::nn
