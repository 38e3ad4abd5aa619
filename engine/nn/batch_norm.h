// What norms share that keep statistics of every channel: batch norms and instance norms.

#pragma once

#include "nn/bend.h"
#include "nn/fused_norm.h"
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
  /// The norm, what bends behind it, and the largest of blocks of that.
  at::Tensor bent(const at::Tensor& x, const Bending& bending, const std::optional<Blocks>& blocks = {});
  /// Whether it goes by what it has seen, not by the batch.
  bool is_settled() const { return !takes_from_input(); }
  int64_t channels() const { return channels_; }
  /// Whether it takes batches of so many dimensions; what it takes, in words.
  virtual bool takes(int64_t dimensions) const = 0;
  virtual std::string taken() const = 0;
  /// What a settled one multiplies each channel with, and what it adds.
  std::pair<at::Tensor, at::Tensor> constants() const;

 protected:
  void build() override { make(option()); }
  at::Tensor forward(const at::Tensor& x) override { return bent(x, {}); }

 private:
  /// Throws ArgumentError where x has not the dimensions that it takes.
  void check(const at::Tensor& x) const;
  void check_values(const at::Tensor& x) const;
  double share_of_this_batch();
  void follow(const Moments& moments, int64_t count);
};

/// The class of BatchNorm1d ... BatchNorm3d; along one dimension it takes rows, too.
template <size_t dimensions>
class BatchNormAlong final : public BatchNorm {
 public:
  using BatchNorm::BatchNorm;

  bool takes(int64_t given) const override {
    return given == static_cast<int64_t>(dimensions) + 2 || (dimensions == 1 && given == 2);
  }
  std::string taken() const override {
    return (dimensions == 1 ? "[batch, channels] or " : "") + shape_words(dimensions);
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
