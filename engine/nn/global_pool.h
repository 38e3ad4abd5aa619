// What layers share that make one number of all positions of a channel.

#pragma once

#include <string>

#include "nn/module.h"

namespace lumir::nn {

/// True lengths as the functions below take them, int64 on the device of x; undefined ones stay undefined. Throws
/// ArgumentError, begun by `who`, where x has no positions or a length is none.
at::Tensor usable_lengths(const at::Tensor& lengths, const at::Tensor& x, const std::string& who,
                          int64_t dimensions = 0);

/// [batch, channels]: of x [batch, channels, positions ...], the last dimension only as far as `lengths` (undefined:
/// all of it).
at::Tensor mean_of_channels(const at::Tensor& x, const at::Tensor& lengths);
at::Tensor maximum_of_channels(const at::Tensor& x, const at::Tensor& lengths);
/// [batch, 2 channels]: the means, then the maxima.
at::Tensor mean_and_maximum(const at::Tensor& x, const at::Tensor& lengths);

/// A layer that is one function of all positions; `dimensions` is how many x must have, 0 for three and more.
template <at::Tensor (*compute)(const at::Tensor&, const at::Tensor& lengths), int64_t dimensions = 0>
class GlobalPool final : public Described<Layer, NoOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return forward_timed(x, {}); }
  at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& lengths) override {
    return compute(x, usable_lengths(lengths, x, name(), dimensions));
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }
};

}  // namespace lumir::nn
