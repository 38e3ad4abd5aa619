// What convolutions along one and two dimensions share.

#pragma once

#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {

struct ConvolutionOptions {
  int out_channels = 1;
  Sizes kernel_size, stride;
  Padding padding;
  Sizes dilation;
  int groups = 1;
  bool bias = true;
  std::string padding_mode = "zeros";
  static Schema schema();
};

/// Where the channels that come in are known.
struct ConvOptions : ConvolutionOptions {
  int in_channels = 1;
  static Schema schema();
};

/// A convolution of [batch, in_channels, positions ...], or of one such row.
class Convolution : public Layer {
 protected:
  using Layer::Layer;
  /// Reads the options; the weights have no numbers yet.
  void make(size_t dimensions, const ConvolutionOptions& how);
  /// Draws the weights.
  void draw(int64_t in_channels);
  const at::Tensor& weight() const { return weight_; }
  int64_t groups() const { return groups_; }
  /// Throws ArgumentError for what is neither a batch nor one row of it.
  void check_dimensions(const at::Tensor& x) const;
  at::Tensor forward(const at::Tensor& x) override;
  at::Tensor lengths_after(const at::Tensor& lengths) const override;

 private:
  /// Throws ArgumentError for what has other dimensions or channels.
  void check(const at::Tensor& x) const;
  at::Tensor convolve(const at::Tensor& x) const;
  at::Tensor widen(const at::Tensor& x) const;

  at::Tensor weight_, bias_;
  int64_t out_channels_ = 1;
  std::vector<int64_t> kernel_, stride_, padding_, dilation_;
  bool has_bias_ = true;
  bool same_ = false;
  int64_t groups_ = 1;
  std::string mode_ = "zeros";
};

/// The class of Conv1d and Conv2d.
template <size_t dimensions>
class Conv final : public Described<Convolution, ConvOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    this->make(dimensions, this->option());
    this->draw(this->option().in_channels);
  }
};

/// The class of LazyConv1d and LazyConv2d: what Conv is from the first input on.
template <size_t dimensions>
class LazyConv final : public Described<Convolution, ConvolutionOptions> {
 public:
  using Described::Described;
  Map options() const override {
    Map all = Described::options();
    if (this->weight().defined()) all["in_channels"] = static_cast<long>(this->weight().size(1) * this->groups());
    return all;
  }

 protected:
  void build() override { this->make(dimensions, this->option()); }
  at::Tensor forward(const at::Tensor& x) override {
    if (!this->weight().defined()) {
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
    if (this->weight().defined() || weight == own.end() || weight->second.shape().size() != dimensions + 2) return;
    settle(weight->second.shape()[1] * this->groups());
    this->catch_up({});
  }

 private:
  void settle(int64_t in_channels) {
    this->draw(in_channels);
    this->become("nn.Conv" + std::to_string(dimensions) + "d");
  }
};

}  // namespace lumir::nn
