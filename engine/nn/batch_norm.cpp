// Statistics of batches, and those that run along.

#include "nn/batch_norm.h"

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "tensor/show.h"

namespace lumir::nn {

Schema BatchNormOptions::schema() {
  using S = BatchNormOptions;
  return {Option{"num_features", &S::num_features, "channels", Range{1}, kArgument},
          Option{"eps", &S::eps, "added to the variance", kNonNegative},
          Option{"momentum", &S::momentum, "how much a batch changes the running statistics; 'none': their plain mean",
                 Range{0, 1}},
          Option{"affine", &S::affine, "learns a scale and a shift for each channel"},
          Option{"track_running_stats", &S::track_running_stats,
                 "keeps running statistics of the training for eval; else eval takes the batch's"}};
}

void BatchNorm::build() {
  const int64_t channels = option().num_features;
  if (option().affine) {
    add_parameter("weight", weight_, at::ones({channels}, at::kFloat));
    add_parameter("bias", bias_, at::zeros({channels}, at::kFloat));
  }
  if (!option().track_running_stats) return;
  add_buffer("running_mean", mean_, at::zeros({channels}, at::kFloat));
  add_buffer("running_var", var_, at::ones({channels}, at::kFloat));
  add_buffer("num_batches_tracked", batches_, at::zeros({}, at::kLong));
}

void BatchNorm::check_channels(const at::Tensor& x) const {
  if (x.size(1) == option().num_features) return;
  throw ArgumentError(name() + ": takes " + std::to_string(option().num_features) +
                      " channels (the second dimension), got " + tensor::show_shape(x.sizes()));
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
  check_channels(x);
  const bool of_batch = training() || !mean_.defined();
  if (of_batch) check_values(x);
  return at::batch_norm(x, weight_, bias_, mean_, var_, of_batch, share_of_this_batch(), option().eps,
                        /*cudnn_enabled=*/true);
}

}  // namespace lumir::nn
