// What norms share that keep statistics of every channel: batch norms and instance norms.

#pragma once

#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/show.h"

namespace lumir::nn {

struct ChannelNormOptions {
  int num_features = 1;
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;
  bool affine = true;
  bool track_running_stats = true;
};
template <class S>
Schema channel_norm_schema() {
  return {Option{"num_features", &S::num_features, "channels", Range{1}, kArgument},
          Option{"eps", &S::eps, "added to the variance", kNonNegative},
          Option{"momentum", &S::momentum,
                 "how much a batch changes the running statistics; 'none': their plain mean (instance norms: none)",
                 Range{0, 1}},
          Option{"affine", &S::affine, "learns a scale and a shift for each channel"},
          Option{"track_running_stats", &S::track_running_stats,
                 "keeps running statistics of the training for eval; else eval takes those at hand"}};
}

/// A scale, a shift and running statistics of every channel.
class ChannelNorm : public Layer {
 protected:
  using Layer::Layer;
  void make(const ChannelNormOptions& how);
  /// Throws ArgumentError where dimension `place` of x is not the channels.
  void check_channels(const at::Tensor& x, int64_t place, const std::string& dimension) const;
  bool takes_from_input() const { return training() || !mean_.defined(); }

  at::Tensor weight_, bias_, mean_, var_, batches_;
  int64_t channels_ = 1;
};

struct BatchNormOptions : ChannelNormOptions {
  static Schema schema() { return channel_norm_schema<BatchNormOptions>(); }
};
struct InstanceNormOptions : ChannelNormOptions {
  InstanceNormOptions() { affine = track_running_stats = false; }
  static Schema schema() { return channel_norm_schema<InstanceNormOptions>(); }
};

/// Normalises every channel over the batch and all positions; channels are the second dimension.
class BatchNorm : public Described<ChannelNorm, BatchNormOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option()); }
  at::Tensor forward(const at::Tensor& x) override;
  /// Throws ArgumentError where x has not the dimensions that it takes.
  virtual void check(const at::Tensor& x) const = 0;

 private:
  void check_values(const at::Tensor& x) const;
  double share_of_this_batch();
};

/// The class of BatchNorm1d ... BatchNorm3d; along one dimension it takes rows, too.
template <size_t dimensions>
class BatchNormAlong final : public BatchNorm {
 public:
  using BatchNorm::BatchNorm;

 protected:
  void check(const at::Tensor& x) const override {
    constexpr int64_t whole = dimensions + 2;
    if (x.dim() == whole || (dimensions == 1 && x.dim() == 2)) return;
    throw ArgumentError(this->name() + ": takes " + (dimensions == 1 ? "[batch, channels] or " : "") +
                        shape_words(dimensions) + ", got " + tensor::show_shape(x.sizes()));
  }
};

/// Normalises every channel of every example over its positions.
class InstanceNorm : public Described<ChannelNorm, InstanceNormOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option()); }
  at::Tensor normalise(const at::Tensor& x, size_t dimensions);
};

/// The class of InstanceNorm1d ... InstanceNorm3d.
template <size_t dimensions>
class InstanceNormAlong final : public InstanceNorm {
 public:
  using InstanceNorm::InstanceNorm;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return this->normalise(x, dimensions); }
};

}  // namespace lumir::nn
