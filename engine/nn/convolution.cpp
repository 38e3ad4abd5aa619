// Weights of convolutions and how they meet what comes in.

#include "nn/convolution.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv3d.h>
#include <ATen/ops/conv_transpose1d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/conv_transpose3d.h>
#include <ATen/ops/pad.h>

#include "nn/init.h"
#include "nn/layout.h"
#include "nn/lengths.h"
#include "nn/winograd.h"

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

Schema KernelOptions::schema() {
  using S = KernelOptions;
  return {Option{"out_channels", &S::out_channels, "channels that come out", Range{1}, kArgument},
          Option{"kernel_size", &S::kernel_size, "positions that one number is made of", Range{1}, kArgument},
          Option{"stride", &S::stride, "positions from one kernel to the next", Range{1}},
          Option{"dilation", &S::dilation, "positions from one number of the kernel to the next", Range{1}},
          Option{"groups", &S::groups,
                 "parts of the channels that do not see each other; as many as channels come in: depthwise", Range{1}},
          Option{"bias", &S::bias, "adds a learnt number to each channel that comes out"}};
}

namespace {

/// What a kind of convolution has beside a kernel, behind the stride, where PyTorch has it.
Schema with_padding(std::initializer_list<Option> options) {
  Schema schema = KernelOptions::schema();
  schema.insert(schema.begin() + 3, options.begin(), options.end());
  return schema;
}

}  // namespace

Schema ConvolutionOptions::schema() {
  using S = ConvolutionOptions;
  return extend(with_padding({Option{"padding", &S::padding, "positions added at both ends; 'same' keeps the size",
                                     Range{0}, Choices{"same", "valid"}}}),
                Option{"padding_mode", &S::padding_mode, "what is added at the ends",
                       Choices{"zeros", "reflect", "replicate", "circular"}});
}

Schema TransposedOptions::schema() {
  using S = TransposedOptions;
  return with_padding(
      {Option{"padding", &S::padding, "positions left out at both ends of what comes out", Range{0}},
       Option{"output_padding", &S::output_padding, "positions added at the end of what comes out", Range{0}}});
}

void KernelLayer::make(size_t rank, const KernelOptions& how) {
  out_channels_ = how.out_channels;
  kernel_ = how.kernel_size.over(rank, name(), "kernel_size");
  stride_ = how.stride.over(rank, name(), "stride");
  dilation_ = how.dilation.over(rank, name(), "dilation");
  groups_ = how.groups;
  has_bias_ = how.bias;
  check_groups(out_channels_, groups_, "out_channels", name());
  add_parameter("weight", weight_, {});
  if (has_bias_) add_parameter("bias", bias_, {});
}

void KernelLayer::draw(int64_t in_channels, int64_t first, int64_t second) {
  check_groups(in_channels, groups_, "in_channels", name());
  std::vector<int64_t> shape{first, second};
  shape.insert(shape.end(), kernel_.begin(), kernel_.end());
  weight_ = draw_weight(shape).requires_grad_(true);
  if (has_bias_) bias_ = draw_bias(out_channels_, shape).requires_grad_(true);
}

void KernelLayer::check_dimensions(const at::Tensor& x) const {
  const auto places = static_cast<int64_t>(rank());
  if (x.dim() == places + 1 || x.dim() == places + 2) return;
  throw ArgumentError(name() + ": takes " + shape_words(rank()) + ", got " + tensor::show_shape(x.sizes()));
}

void KernelLayer::check(const at::Tensor& x, int64_t in_channels) const {
  check_dimensions(x);
  const auto places = static_cast<int64_t>(rank());
  if (x.size(-places - 1) == in_channels) return;
  const bool no_channels = x.dim() == places + 1 && in_channels == 1;
  throw ArgumentError(show() + ": takes " + shape_words(rank()) + " with " + std::to_string(in_channels) +
                      (in_channels == 1 ? " channel" : " channels") + ", got " + tensor::show_shape(x.sizes()) +
                      (no_channels ? "; as_image() in the chain, or x:unsqueeze(2), adds the one channel" : ""));
}

void Convolution::make(size_t rank, const ConvolutionOptions& how) {
  KernelLayer::make(rank, how);
  padding_ = how.padding.sizes.over(rank, name(), "padding");
  mode_ = how.padding_mode;
  same_ = how.padding.word == "same";
  if (same_ && stride_ != std::vector<int64_t>(rank, 1)) {
    throw ArgumentError(name() + ": 'padding' = 'same' goes with 'stride' = 1 only");
  }
}

std::optional<ConvGeometry> Convolution::geometry() const {
  if (rank() != 2 || mode_ != "zeros") return std::nullopt;
  std::vector<int64_t> padding = padding_;
  for (size_t i = 0; same_ && i < padding.size(); ++i) {
    const auto [after, before] = same_padding(kernel_[i], dilation_[i]);
    if (after != before) return std::nullopt;
    padding[i] = before;
  }
  return ConvGeometry{padding, stride_, dilation_, groups_};
}

/// Whether oneDNN (of LibTorch 2.15) writes beyond its memory on the way back where the channels of a place lie beside each
/// other: strides, a kernel of one place, channels that do not fill its registers. PyTorch ends at it, too: 8 channels to
/// 16, stride 2, pictures of [13, 8, 16, 32], two threads.
bool Convolution::needs_planes(const at::Tensor& x) const {
  constexpr int64_t kLanes = 16;
  const auto is_one = [](int64_t size) { return size == 1; };
  const bool strided = !std::all_of(stride_.begin(), stride_.end(), is_one);
  return rank() == 2 && strided && std::all_of(kernel_.begin(), kernel_.end(), is_one) && x.size(-3) % kLanes != 0 &&
         at::GradMode::is_enabled();
}

at::Tensor Convolution::multiplied(const at::Tensor& given, const at::Tensor& weight, const at::Tensor& bias) const {
  check(given, weight.size(1) * groups_);
  at::Tensor pictures = given;
  if (const auto own = geometry()) {
    const auto [x, how, is_transposed] = conv_input(given, *own, weight);
    if (is_transposed) {
      return transposed(at::conv2d(x, transposed(weight), bias, how.stride, how.padding, how.dilation, how.groups));
    }
    if (winograd_pays(x, weight, how, false)) return winograd(x, weight, bias, how);
    pictures = x;
  } else if (rank() == 2) {
    pictures = Layout::of(given);
  }
  const at::Tensor widened = mode_ == "zeros" ? pictures : widen(pictures);
  const at::Tensor x = needs_planes(widened) ? widened.contiguous() : widened;
  const auto with = [&](auto padding) {
    if (rank() == 1) return at::conv1d(x, weight, bias, stride_, padding, dilation_, groups_);
    if (rank() == 2) return at::conv2d(x, weight, bias, stride_, padding, dilation_, groups_);
    return at::conv3d(x, weight, bias, stride_, padding, dilation_, groups_);
  };
  if (mode_ != "zeros") return with(at::IntArrayRef(std::vector<int64_t>(rank(), 0)));
  return same_ ? with(c10::string_view("same")) : with(at::IntArrayRef(padding_));
}

at::Tensor Convolution::widen(const at::Tensor& x) const {
  std::vector<int64_t> ends;  // the last dimension first, beginning and end of each
  for (size_t i = rank(); i-- > 0;) {
    const auto [after, before] = same_ ? same_padding(kernel_[i], dilation_[i]) : std::pair(padding_[i], padding_[i]);
    ends.push_back(before);
    ends.push_back(after);
  }
  return at::pad(x, ends, mode_);
}

at::Tensor Convolution::lengths_after(const at::Tensor& lengths) const {
  if (same_) return lengths;
  return lengths_through(lengths, {kernel_.back(), stride_.back(), padding_.back(), dilation_.back()});
}

void TransposedConvolution::make(size_t rank, const TransposedOptions& how) {
  KernelLayer::make(rank, how);
  padding_ = how.padding.over(rank, name(), "padding");
  output_padding_ = how.output_padding.over(rank, name(), "output_padding");
}

at::Tensor TransposedConvolution::forward(const at::Tensor& x) {
  check(x, weight_.size(0));
  const auto with = [&](auto* convolve) {
    return convolve(x, weight_, bias_, stride_, padding_, output_padding_, groups_, dilation_);
  };
  if (rank() == 1) return with(at::conv_transpose1d);
  if (rank() == 2) return with(at::conv_transpose2d);
  return with(at::conv_transpose3d);
}

at::Tensor TransposedConvolution::lengths_after(const at::Tensor& lengths) const {
  const int64_t reach = dilation_.back() * (kernel_.back() - 1) + 1;
  const int64_t more = reach - 2 * padding_.back() + output_padding_.back();
  return ((lengths.to(at::kLong) - 1) * stride_.back() + more).clamp_min(0);
}

}  // namespace lumir::nn
