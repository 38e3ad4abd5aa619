// Statistics of batches and of examples, and those that run along.

#include "nn/batch_norm.h"

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/instance_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

namespace lumir::nn {

void ChannelNorm::make(const ChannelNormOptions& how) {
  channels_ = how.num_features;
  if (how.affine) {
    add_parameter("weight", weight_, at::ones({channels_}, at::kFloat));
    add_parameter("bias", bias_, at::zeros({channels_}, at::kFloat));
  }
  if (!how.track_running_stats) return;
  add_buffer("running_mean", mean_, at::zeros({channels_}, at::kFloat));
  add_buffer("running_var", var_, at::ones({channels_}, at::kFloat));
  add_buffer("num_batches_tracked", batches_, at::zeros({}, at::kLong));
}

void ChannelNorm::check_channels(const at::Tensor& x, int64_t place, const std::string& dimension) const {
  if (x.size(place) == channels_) return;
  throw ArgumentError(name() + ": takes " + std::to_string(channels_) + " channels (the " + dimension +
                      " dimension), got " + tensor::show_shape(x.sizes()));
}

void BatchNorm::check_values(const at::Tensor& x) const {
  if (x.numel() > x.size(1)) return;
  throw ArgumentError(name() +
                      ": a batch in training needs more than one value for each channel; a last batch of one " +
                      "row is left out by drop_last = true");
}

/// Counts the batch.
double BatchNorm::share_of_this_batch() {
  if (!batches_.defined() || !training()) return option().momentum.value_or(0);
  batches_.add_(1);
  return option().momentum ? *option().momentum : 1 / batches_.item<double>();
}

at::Tensor BatchNorm::forward(const at::Tensor& x) {
  check(x);
  check_channels(x, 1, "second");
  if (takes_from_input()) check_values(x);
  return at::batch_norm(x, weight_, bias_, mean_, var_, takes_from_input(), share_of_this_batch(), option().eps,
                        /*cudnn_enabled=*/true);
}

at::Tensor InstanceNorm::normalise(const at::Tensor& x, size_t dimensions) {
  const auto whole = static_cast<int64_t>(dimensions) + 2;
  if (x.dim() != whole && x.dim() != whole - 1) {
    throw ArgumentError(name() + ": takes " + shape_words(dimensions) + " or one such example, got " +
                        tensor::show_shape(x.sizes()));
  }
  const bool single = x.dim() == whole - 1;
  check_channels(x, single ? 0 : 1, single ? "first" : "second");
  const at::Tensor batch = single ? x.unsqueeze(0) : x;
  if (takes_from_input() && batch.numel() == batch.size(0) * batch.size(1)) {
    throw ArgumentError(name() + ": needs more than one position for each channel, got " +
                        tensor::show_shape(x.sizes()));
  }
  const at::Tensor y = at::instance_norm(batch, weight_, bias_, mean_, var_, takes_from_input(),
                                         option().momentum.value_or(0), option().eps, /*cudnn_enabled=*/true);
  return single ? y.squeeze(0) : y;
}

}  // namespace lumir::nn
