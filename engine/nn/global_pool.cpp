// Means and maxima over all positions.
//
// Without lengths LibTorch's adaptive pooling is taken, so that a maximum that stands twice has its gradient at one
// place, as in PyTorch.

#include "nn/global_pool.h"

#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/adaptive_max_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/sum.h>

#include "nn/lengths.h"
#include "nn/sizes.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

/// [batch, channels, rows, time], whatever stands between channels and time.
at::Tensor as_picture(const at::Tensor& x) {
  if (x.dim() == 3) return x.unsqueeze(2);
  return x.dim() == 4 ? x : x.flatten(2, x.dim() - 2);
}

/// [batch, 1, 1, time]: true beyond the true lengths.
at::Tensor beyond(const at::Tensor& lengths, const at::Tensor& picture) {
  return padding_mask(lengths, picture.size(3)).unsqueeze(1).unsqueeze(1);
}

}  // namespace

at::Tensor usable_lengths(const at::Tensor& lengths, const at::Tensor& x, const std::string& who, int64_t dimensions) {
  if (dimensions == 0 ? x.dim() < 3 : x.dim() != dimensions) {
    const auto rank = static_cast<size_t>(dimensions - 2);
    throw ArgumentError(who + ": takes " + (dimensions == 0 ? "[batch, channels, positions ...]" : shape_words(rank)) +
                        ", got " + tensor::show_shape(x.sizes()));
  }
  return lengths.defined() ? checked_lengths(lengths, x, 0, x.dim() - 1, who) : lengths;
}

at::Tensor mean_of_channels(const at::Tensor& x, const at::Tensor& lengths) {
  const at::Tensor picture = as_picture(x);
  if (!lengths.defined()) return at::mean(picture, {2, 3});
  const at::Tensor sums = at::sum(picture.masked_fill(beyond(lengths, picture), 0), {2, 3});
  return sums / (lengths * picture.size(2)).to(x.scalar_type()).unsqueeze(1);
}

at::Tensor maximum_of_channels(const at::Tensor& x, const at::Tensor& lengths) {
  const at::Tensor picture = as_picture(x);
  if (!lengths.defined()) return std::get<0>(at::adaptive_max_pool2d(picture, {1, 1})).flatten(1);
  const double lowest = -std::numeric_limits<double>::infinity();
  return std::get<0>(at::adaptive_max_pool2d(picture.masked_fill(beyond(lengths, picture), lowest), {1, 1})).flatten(1);
}

at::Tensor mean_and_maximum(const at::Tensor& x, const at::Tensor& lengths) {
  return at::cat({mean_of_channels(x, lengths), maximum_of_channels(x, lengths)}, 1);
}

}  // namespace lumir::nn
