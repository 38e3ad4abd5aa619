// Statistics of batches and of examples, and those that run along.

#include "nn/batch_norm.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
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

void BatchNorm::check(const at::Tensor& x) const {
  if (!takes(x.dim())) throw ArgumentError(name() + ": takes " + taken() + ", got " + tensor::show_shape(x.sizes()));
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

std::pair<at::Tensor, at::Tensor> BatchNorm::constants() const {
  const at::Tensor inverse = (var_ + option().eps).rsqrt();
  const at::Tensor scale = weight_.defined() ? weight_ * inverse : inverse;
  const at::Tensor shift = -mean_ * scale;
  return {scale, bias_.defined() ? shift + bias_ : shift};
}

/// Takes a batch of so many numbers of each channel into the running statistics.
void BatchNorm::follow(const Moments& moments, int64_t count) {
  const at::NoGradGuard guard;
  const double share = share_of_this_batch(), numbers = static_cast<double>(count);
  mean_.mul_(1 - share).add_(moments.mean, share);
  var_.mul_(1 - share).add_(moments.variance, share * numbers / (numbers - 1));
}

at::Tensor BatchNorm::bent(const at::Tensor& x, const Bending& bending, const std::optional<Blocks>& blocks) {
  check(x);
  check_channels(x, 1, "second");
  if (takes_from_input()) check_values(x);
  NormWork work{x, weight_, bias_, {}, option().eps, bending, blocks};
  if (!takes_from_input()) work.known = {mean_, var_};
  if (blocks && !can_fuse(work)) return largest_of(bent(x, bending), blocks);
  if (!can_fuse(work)) {
    const at::Tensor z = at::batch_norm(x, weight_, bias_, mean_, var_, takes_from_input(), share_of_this_batch(),
                                        option().eps, /*cudnn_enabled=*/true);
    return bend(z, bending);
  }
  const NormRun run = fused_norm(work);
  if (training() && mean_.defined()) follow(run.moments, x.numel() / channels_);
  return run.y;
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
