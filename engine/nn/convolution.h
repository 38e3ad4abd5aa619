// What convolutions along one and two dimensions share.

#pragma once

#include "nn/module.h"
#include "nn/sizes.h"

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
  /// Makes and draws the weights.
  void make(int64_t in_channels, size_t dimensions, const ConvolutionOptions& how);
  at::Tensor forward(const at::Tensor& x) override;
  at::Tensor lengths_after(const at::Tensor& lengths) const override;

 private:
  at::Tensor convolve(const at::Tensor& x) const;
  at::Tensor widen(const at::Tensor& x) const;

  at::Tensor weight_, bias_;
  std::vector<int64_t> stride_, padding_, dilation_;
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
  void build() override { this->make(this->option().in_channels, dimensions, this->option()); }
};

}  // namespace lumir::nn
