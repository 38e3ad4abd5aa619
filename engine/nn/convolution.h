// What convolutions along one, two and three dimensions share, and those that go the other way.

#pragma once

#include "nn/folded.h"
#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {

struct KernelOptions {
  int out_channels = 1;
  Sizes kernel_size, stride, dilation;
  int groups = 1;
  bool bias = true;
  static Schema schema();
};

struct ConvolutionOptions : KernelOptions {
  Padding padding;
  std::string padding_mode = "zeros";
  static Schema schema();
};

struct TransposedOptions : KernelOptions {
  Sizes padding{0}, output_padding{0};
  static Schema schema();
};

/// Where the channels that come in are known.
template <class S>
struct Counted : S {
  int in_channels = 1;
  static Schema schema() {
    Schema schema{Option{"in_channels", &Counted::in_channels, "channels that come in", Range{1}, kArgument}};
    const Schema shared = S::schema();
    schema.insert(schema.end(), shared.begin(), shared.end());
    return schema;
  }
};

/// Weights that stand for a small place, whichever way they are taken.
class KernelLayer : public Layer {
 protected:
  using Layer::Layer;
  /// Reads the options; the weights have no numbers yet.
  void make(size_t rank, const KernelOptions& how);
  /// Draws weights of [first, second, kernel ...] and the bias. Throws ArgumentError where `in_channels` does not fit.
  void draw(int64_t in_channels, int64_t first, int64_t second);
  size_t rank() const { return kernel_.size(); }
  /// Throws ArgumentError for what is neither a batch nor one row of it.
  void check_dimensions(const at::Tensor& x) const;
  /// The same for what has other channels, too.
  void check(const at::Tensor& x, int64_t in_channels) const;

  at::Tensor weight_, bias_;
  std::vector<int64_t> kernel_, stride_, dilation_;
  int64_t out_channels_ = 1, groups_ = 1;
  bool has_bias_ = true;
};

/// A convolution of [batch, in_channels, positions ...], or of one such row.
class Convolution : public KernelLayer, public Multiplies {
 public:
  const at::Tensor& weight() const override { return weight_; }
  const at::Tensor& bias() const override { return bias_; }
  at::Tensor multiplied(const at::Tensor& given, const at::Tensor& weight, const at::Tensor& bias) const override;
  std::optional<ConvGeometry> geometry() const override;

 protected:
  using KernelLayer::KernelLayer;
  void make(size_t rank, const ConvolutionOptions& how);
  void draw(int64_t in_channels) { KernelLayer::draw(in_channels, out_channels_, in_channels / groups_); }
  at::Tensor forward(const at::Tensor& x) override { return multiplied(x, weight_, bias_); }
  at::Tensor lengths_after(const at::Tensor& lengths) const override;

 private:
  bool needs_planes(const at::Tensor& x) const;
  at::Tensor widen(const at::Tensor& x) const;

  std::vector<int64_t> padding_;
  bool same_ = false;
  std::string mode_ = "zeros";
};

/// What a convolution does to gradients, done to numbers: each that comes in gives a kernel of those that come out.
class TransposedConvolution : public KernelLayer {
 protected:
  using KernelLayer::KernelLayer;
  void make(size_t rank, const TransposedOptions& how);
  void draw(int64_t in_channels) { KernelLayer::draw(in_channels, in_channels, out_channels_ / groups_); }
  at::Tensor forward(const at::Tensor& x) override;
  at::Tensor lengths_after(const at::Tensor& lengths) const override;

 private:
  std::vector<int64_t> padding_, output_padding_;
};

/// The class of Conv1d ... ConvTranspose3d.
template <class Kind, class HowOptions, size_t dimensions>
class CountedConvolution final : public Described<Kind, Counted<HowOptions>> {
 public:
  using Described<Kind, Counted<HowOptions>>::Described;

 protected:
  void build() override {
    this->make(dimensions, this->option());
    this->draw(this->option().in_channels);
  }
};
template <size_t dimensions>
using Conv = CountedConvolution<Convolution, ConvolutionOptions, dimensions>;
template <size_t dimensions>
using ConvTranspose = CountedConvolution<TransposedConvolution, TransposedOptions, dimensions>;

/// The class of LazyConv1d ... LazyConv3d: what Conv is from the first input on.
template <size_t dimensions>
class LazyConv final : public Described<Convolution, ConvolutionOptions> {
 public:
  using Described::Described;
  Map options() const override {
    Map all = Described::options();
    if (this->weight_.defined()) all["in_channels"] = static_cast<long>(this->weight_.size(1) * this->groups_);
    return all;
  }

 protected:
  void build() override { this->make(dimensions, this->option()); }
  at::Tensor forward(const at::Tensor& x) override {
    if (!this->weight_.defined()) {
      constexpr int64_t places = dimensions;
      this->check_dimensions(x);
      if (!x.is_floating_point()) {
        throw ArgumentError(this->show() + ": takes fractions, got " + tensor::show_shape(x.sizes()) + " of " +
                            tensor::dtype_name(x.scalar_type()));
      }
      settle(x.size(-places - 1));
      this->catch_up(x);
    }
    return Convolution::forward(x);
  }
  void expect(const State& own) override {
    const auto weight = own.find("weight");
    if (this->weight_.defined() || weight == own.end() || weight->second.shape().size() != dimensions + 2) return;
    settle(weight->second.shape()[1] * this->groups_);
    this->catch_up({});
  }

 private:
  void settle(int64_t in_channels) {
    this->draw(in_channels);
    this->become("nn.Conv" + std::to_string(dimensions) + "d");
  }
};

}  // namespace lumir::nn
