// What layers share that make one number of all positions of a channel.

#pragma once

#include "nn/lengths.h"
#include "nn/module.h"
#include "tensor/show.h"

namespace lumir::nn {

/// [batch, channels]: of x [batch, channels, positions ...], the last dimension only as far as `lengths` (undefined:
/// all of it).
at::Tensor mean_of_channels(const at::Tensor& x, const at::Tensor& lengths);
at::Tensor maximum_of_channels(const at::Tensor& x, const at::Tensor& lengths);

/// A layer that is one function of all positions; `dimensions` is how many x must have, 0 for three and more.
template <at::Tensor (*compute)(const at::Tensor&, const at::Tensor& lengths), int64_t dimensions = 0>
class GlobalPool final : public Described<Layer, NoOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return forward_timed(x, {}); }
  at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& lengths) override {
    if (dimensions == 0 ? x.dim() < 3 : x.dim() != dimensions) {
      throw ArgumentError(name() + ": takes " + wanted() + ", got " + tensor::show_shape(x.sizes()));
    }
    return compute(x, lengths.defined() ? checked_lengths(lengths, x, 0, x.dim() - 1, name()) : lengths);
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  static const char* wanted() {
    if (dimensions == 3) return "[batch, channels, time]";
    return dimensions == 4 ? "[batch, channels, height, width]" : "[batch, channels, positions ...]";
  }
};

}  // namespace lumir::nn
