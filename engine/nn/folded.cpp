// Folding and packing of weights.
//
// In eval a norm multiplies each channel and adds to it, so it can be part of the weights before it. oneDNN reads
// the weights of a convolution in an order of its own, into which LibTorch brings them at each call; here they stay in
// it, and what is below zero is cut off as sums are written. The same three ways in PyTorch 2.15, batch of one, two
// threads, AMD EPYC, CPU ms of fourteen layers (Cnn14's size, 80 million weights): 811 by layers, 715 folded, 525
// folded and kept in order. Beside that, 405 here in oneDNN's order, 232 where 3 x 3 convolutions take fewer
// products (nn/winograd.h).
//
// Weights are known by their memory and LibTorch's count of changes; those whose address Lua has been given may
// change uncounted, and are not folded.

#include "nn/folded.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/sum.h>

#include "nn/batch_norm.h"
#include "nn/fused_norm.h"
#include "nn/onednn.h"
#include "nn/winograd.h"
#include "tensor/exposed.h"
#include "tensor/fused.h"

namespace lumir::nn {
namespace {

/// All that what is folded depends on.
std::vector<at::Tensor> sources_of(const Product& product) {
  std::vector<at::Tensor> sources{product.layer->weight()};
  const auto add = [&](const at::Tensor& tensor) {
    if (tensor.defined()) sources.push_back(tensor);
  };
  add(product.layer->bias());
  if (product.norm) {
    for (const auto& slot : product.norm->slots()) add(*slot.tensor);
  }
  return sources;
}

bool is_plain(const at::Tensor& tensor) {
  return tensor.is_cpu() && !tensor.is_inference() && !tensor::is_exposed(tensor) &&
         (tensor.scalar_type() == at::kFloat || tensor.dim() == 0);  // a norm counts its batches
}

/// Weights in oneDNN's order, for such input.
std::optional<at::Tensor> packed(const at::Tensor& weight, const ConvInput& input) {
  static const auto operation = onednn_operator("mkldnn::_reorder_convolution_weight");
  if (!operation) return std::nullopt;
  const auto& [padding, stride, dilation, groups] = input.geometry;
  return called(*operation, {input.transposed ? transposed(weight) : weight, padding, stride, dilation, groups,
                             input.x.sizes().vec()});
}

at::Tensor convolve(const ConvInput& input, const at::Tensor& weight, const at::Tensor& bias, bool cuts) {
  static const auto operation = onednn_operator("mkldnn::_convolution_pointwise");
  const c10::List<std::optional<at::Scalar>> none;
  const c10::IValue with_bias = bias.defined() ? c10::IValue(bias) : c10::IValue();
  const auto& [padding, stride, dilation, groups] = input.geometry;
  const at::Tensor z = called(
      *operation, {input.x, weight, with_bias, padding, stride, dilation, groups, cuts ? "relu" : "none", none, ""});
  return input.transposed ? transposed(z) : z;
}

/// Whether nothing in it is NaN or infinite; numbers near the greatest count as infinite, too.
bool is_finite(const at::Tensor& x) { return std::isfinite(x.sum().item<float>()); }

/// Whether a norm scales the channels that come out, and by numbers that are known.
bool can_fold(const BatchNorm& norm, const at::Tensor& weight, const at::Tensor& x) {
  return norm.is_settled() && norm.channels() == weight.size(0) && x.dim() == weight.dim() && norm.takes(x.dim());
}

/// Whether the kernel has a place in pictures like x; where it has none, the layer itself says so.
bool has_room(const ConvGeometry& geometry, const at::Tensor& weight, const at::Tensor& x) {
  for (size_t i = 0; i < geometry.padding.size(); ++i) {
    const auto side = static_cast<int64_t>(i) + 2;
    if (x.size(side) + 2 * geometry.padding[i] <= geometry.dilation[i] * (weight.size(side) - 1)) return false;
  }
  return true;
}

}  // namespace

bool Folded::can(const Product& product, const at::Tensor& x) {
  if (!tensor::fused_kernels() || x.scalar_type() != at::kFloat || at::autocast::is_autocast_enabled(at::kCPU)) {
    return false;
  }
  const at::Tensor& weight = product.layer->weight();
  const auto geometry = product.layer->geometry();
  if (!weight.defined()) return false;
  const bool pictures = geometry && x.dim() == 4 && x.size(1) == weight.size(1) * geometry->groups;
  if (geometry ? !pictures || !has_room(*geometry, weight, x) : !product.norm) return false;
  if (product.norm && !can_fold(*product.norm, weight, x)) return false;
  const auto sources = sources_of(product);
  const auto learns = [](const at::Tensor& tensor) { return tensor.requires_grad(); };
  if (at::GradMode::is_enabled() && (learns(x) || std::any_of(sources.begin(), sources.end(), learns))) return false;
  return is_plain(x) && std::all_of(sources.begin(), sources.end(), is_plain);
}

bool Folded::is_of(const std::vector<at::Tensor>& sources) const {
  return std::equal(sources.begin(), sources.end(), sources_.begin(), sources_.end(),
                    [](const at::Tensor& tensor, const Source& source) {
                      return tensor.is_same(source.tensor) && tensor._version() == source.version;
                    });
}

/// The weights; the bias goes with them.
at::Tensor Folded::folded(const Product& product) {
  at::Tensor weight = product.layer->weight().detach();
  bias_ = product.layer->bias().defined() ? product.layer->bias().detach() : at::Tensor();
  if (product.norm) {
    const auto [scale, shift] = product.norm->constants();
    std::vector<int64_t> shape(static_cast<size_t>(weight.dim()), 1);
    shape[0] = -1;
    weight = weight * scale.view(shape);
    bias_ = bias_.defined() ? bias_ * scale + shift : shift;
  }
  return weight;
}

void Folded::make_direct(const Product& product, const std::optional<ConvInput>& input) {
  const at::Tensor weight = folded(product);
  const auto ordered = input ? packed(weight, *input) : std::nullopt;
  packed_ = ordered.has_value();
  is_finite_ = is_finite(weight) && (!bias_.defined() || is_finite(bias_));
  direct_ = packed_ ? *ordered : weight;
  transposed_ = input && input->transposed;
}

at::Tensor Folded::run(const Product& product, const at::Tensor& given) {
  if (const auto sources = sources_of(product); !is_of(sources)) {
    direct_ = formed_ = at::Tensor();
    sources_.clear();
    for (const auto& source : sources) sources_.push_back({source, static_cast<int64_t>(source._version())});
  }
  const at::NoGradGuard guard;
  std::optional<ConvInput> input;
  if (const auto geometry = product.layer->geometry()) input = conv_input(given, *geometry, product.layer->weight());
  bool cuts = product.bending.kind == Bend::relu;
  at::Tensor z;
  // by x alone: what a picture gives does not depend on those before it
  if (input && winograd_pays(input->x, product.layer->weight(), input->geometry, true)) {
    if (!formed_.defined()) formed_ = winograd_formed(folded(product));
    z = winograd_by_formed(input->x, formed_, bias_, input->geometry, cuts, [&] { return folded(product); });
  } else {
    if (!direct_.defined() || (input && input->transposed != transposed_)) make_direct(product, input);
    if (!packed_) {
      return largest_of(bend(product.layer->multiplied(given, direct_, bias_), product.bending), product.blocks);
    }
    // oneDNN's ReLU makes 0 of NaN: where there may be one, it is left to a step of its own
    cuts = cuts && is_finite_ && is_finite(input->x);
    z = convolve(*input, direct_, bias_, cuts);
  }
  return bent_in_place(z, cuts ? Bending() : product.bending, product.blocks);
}

}  // namespace lumir::nn
