// What layers share that add to each place of a sequence which place it is.

#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/ops/dropout.h>

#include "nn/module.h"
#include "tensor/show.h"

namespace lumir::nn {

struct PositionsOptions {
  int d_model = 1;
  double dropout = 0.1;
  int max_len = 5000;
  bool batch_first = true;
  static Schema schema() {
    using S = PositionsOptions;
    return {Option{"d_model", &S::d_model, "numbers of each place", Range{1}, kArgument},
            Option{"dropout", &S::dropout, "how likely a number is set to zero in training", Range{0, 1}},
            Option{"max_len", &S::max_len, "how many places there are", Range{1}},
            Option{"batch_first", &S::batch_first, "takes [batch, time, d_model]; false: [time, batch, d_model]"}};
  }
};

/// Adds a row of a table to each place.
class Positions : public Described<Layer, PositionsOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    const int64_t time = option().batch_first ? 1 : 0;
    if (x.dim() != 3 || x.size(2) != option().d_model) {
      throw ArgumentError(name() + ": takes " + (time == 1 ? "[batch, time, " : "[time, batch, ") +
                          std::to_string(option().d_model) + "], got " + tensor::show_shape(x.sizes()));
    }
    if (x.size(time) > option().max_len) {
      throw ArgumentError(name() + ": 'max_len' = " + std::to_string(option().max_len) + " places, got " +
                          tensor::show_shape(x.sizes()));
    }
    const at::Tensor places = table_.narrow(0, 0, x.size(time)).to(x.scalar_type()).unsqueeze(1 - time);
    return at::dropout(x + places, option().dropout, training());
  }

  at::Tensor table_;  // [max_len, d_model]
};

}  // namespace lumir::nn
