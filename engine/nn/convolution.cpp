// Weights of convolutions and how they meet what comes in.

#include "nn/convolution.h"

#include <ATen/ops/conv1d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/pad.h>

#include "nn/init.h"
#include "nn/lengths.h"

namespace lumir::nn {
namespace {

/// What 'same' adds to one dimension at its end and at its beginning; an odd rest comes at the end.
std::pair<int64_t, int64_t> same_padding(int64_t kernel, int64_t dilation) {
  const int64_t total = dilation * (kernel - 1);
  return {total - total / 2, total / 2};
}

void check_groups(int64_t channels, int64_t groups, const char* name, const std::string& who) {
  if (channels % groups == 0) return;
  throw ArgumentError(who + ": '" + name + "' = " + std::to_string(channels) +
                      " must be a multiple of 'groups' = " + std::to_string(groups));
}

}  // namespace

Schema ConvolutionOptions::schema() {
  using S = ConvolutionOptions;
  return {Option{"out_channels", &S::out_channels, "channels that come out", Range{1}, kArgument},
          Option{"kernel_size", &S::kernel_size, "positions that one number is made of", Range{1}, kArgument},
          Option{"stride", &S::stride, "positions from one kernel to the next", Range{1}},
          Option{"padding", &S::padding, "positions added at both ends; 'same' keeps the size", Range{0},
                 Choices{"same", "valid"}},
          Option{"dilation", &S::dilation, "positions from one number of the kernel to the next", Range{1}},
          Option{"groups", &S::groups, "parts of the channels that do not see each other", Range{1}},
          Option{"bias", &S::bias, "adds a learnt number to each channel that comes out"},
          Option{"padding_mode", &S::padding_mode, "what is added at the ends",
                 Choices{"zeros", "reflect", "replicate", "circular"}}};
}

Schema ConvOptions::schema() {
  Schema schema{Option{"in_channels", &ConvOptions::in_channels, "channels that come in", Range{1}, kArgument}};
  const Schema shared = ConvolutionOptions::schema();
  schema.insert(schema.end(), shared.begin(), shared.end());
  return schema;
}

void Convolution::make(size_t dimensions, const ConvolutionOptions& how) {
  out_channels_ = how.out_channels;
  kernel_ = how.kernel_size.over(dimensions, name(), "kernel_size");
  stride_ = how.stride.over(dimensions, name(), "stride");
  dilation_ = how.dilation.over(dimensions, name(), "dilation");
  padding_ = how.padding.sizes.over(dimensions, name(), "padding");
  groups_ = how.groups;
  has_bias_ = how.bias;
  mode_ = how.padding_mode;
  same_ = how.padding.word == "same";
  check_groups(out_channels_, groups_, "out_channels", name());
  if (same_ && stride_ != std::vector<int64_t>(dimensions, 1)) {
    throw ArgumentError(name() + ": 'padding' = 'same' goes with 'stride' = 1 only");
  }
  add_parameter("weight", weight_, {});
  if (has_bias_) add_parameter("bias", bias_, {});
}

void Convolution::draw(int64_t in_channels) {
  check_groups(in_channels, groups_, "in_channels", name());
  std::vector<int64_t> shape{out_channels_, in_channels / groups_};
  shape.insert(shape.end(), kernel_.begin(), kernel_.end());
  weight_ = draw_weight(shape).requires_grad_(true);
  if (has_bias_) bias_ = draw_bias(out_channels_, shape).requires_grad_(true);
}

void Convolution::check_dimensions(const at::Tensor& x) const {
  const auto places = static_cast<int64_t>(stride_.size());
  if (x.dim() == places + 1 || x.dim() == places + 2) return;
  throw ArgumentError(name() + ": takes [batch, channels" + (places == 1 ? ", time]" : ", height, width]") + ", got " +
                      tensor::show_shape(x.sizes()));
}

void Convolution::check(const at::Tensor& x) const {
  check_dimensions(x);
  const auto places = static_cast<int64_t>(stride_.size());
  const int64_t wanted = weight_.size(1) * groups_;
  if (x.size(-places - 1) == wanted) return;
  const bool no_channels = x.dim() == places + 1 && wanted == 1;
  throw ArgumentError(
      show() + ": takes [batch, " + std::to_string(wanted) + (places == 1 ? ", time]" : ", height, width]") + ", got " +
      tensor::show_shape(x.sizes()) +
      (no_channels ? "; feature.as_image() in the chain, or x:unsqueeze(2), adds the one channel" : ""));
}

at::Tensor Convolution::forward(const at::Tensor& x) {
  check(x);
  return mode_ == "zeros" ? convolve(x) : convolve(widen(x));
}

at::Tensor Convolution::convolve(const at::Tensor& x) const {
  const bool widened = mode_ != "zeros";
  const std::vector<int64_t> none(stride_.size(), 0);
  const auto& padding = widened ? none : padding_;
  if (stride_.size() == 1) {
    if (same_ && !widened) return at::conv1d(x, weight_, bias_, stride_, "same", dilation_, groups_);
    return at::conv1d(x, weight_, bias_, stride_, padding, dilation_, groups_);
  }
  if (same_ && !widened) return at::conv2d(x, weight_, bias_, stride_, "same", dilation_, groups_);
  return at::conv2d(x, weight_, bias_, stride_, padding, dilation_, groups_);
}

at::Tensor Convolution::widen(const at::Tensor& x) const {
  std::vector<int64_t> ends;  // the last dimension first, beginning and end of each
  for (size_t i = stride_.size(); i-- > 0;) {
    const auto [after, before] = same_ ? same_padding(kernel_[i], dilation_[i]) : std::pair(padding_[i], padding_[i]);
    ends.push_back(before);
    ends.push_back(after);
  }
  return at::pad(x, ends, mode_);
}

at::Tensor Convolution::lengths_after(const at::Tensor& lengths) const {
  if (same_) return lengths;
  const size_t time = stride_.size() - 1;
  return lengths_through(lengths, {kernel_[time], stride_[time], padding_[time], dilation_[time]});
}

}  // namespace lumir::nn
