// Parts of Transformers' layers, and stacks of layers.

#include "nn/transformer.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/relu.h>

namespace lumir::nn {

Schema TransformerLayerOptions::schema() {
  using S = TransformerLayerOptions;
  return {Option{"d_model", &S::d_model, "numbers of each place", Range{1}, kArgument},
          Option{"nhead", &S::nhead, "heads of the attention", Range{1}, kArgument},
          Option{"dim_feedforward", &S::dim_feedforward, "numbers between the two dense layers", Range{1}},
          Option{"dropout", &S::dropout, "how likely a number is set to zero in training", Range{0, 1}},
          Option{"activation", &S::activation, "between the two dense layers", Choices{"relu", "gelu"}},
          Option{"layer_norm_eps", &S::layer_norm_eps, "added to the variance", kNonNegative},
          Option{"batch_first", &S::batch_first, "takes [batch, time, d_model]; false: [time, batch, d_model]"},
          Option{"norm_first", &S::norm_first, "normalises before each part, not after the sum"},
          Option{"bias", &S::bias, "adds learnt numbers"}};
}

ModulePtr TransformerLayer::part(const std::string& child, const std::string& kind, const Map& options) {
  ModulePtr module = make_module(kind, options);
  add_child(child, module);
  return module;
}

void TransformerLayer::make(const std::vector<std::string>& attentions) {
  const auto& how = option();
  for (const auto& attention : attentions) {
    attentions_.push_back(part(attention, "MultiheadAttention",
                               {{"embed_dim", how.d_model},
                                {"num_heads", how.nhead},
                                {"dropout", how.dropout},
                                {"bias", how.bias},
                                {"batch_first", how.batch_first},
                                {"need_weights", false}}));
  }
  const auto dense = [&](const std::string& child, int in, int out) {
    return part(child, "Linear", {{"in_features", in}, {"out_features", out}, {"bias", how.bias}});
  };
  linear1_ = dense("linear1", how.d_model, how.dim_feedforward);
  dropout_ = part("dropout", "Dropout", {{"p", how.dropout}});
  linear2_ = dense("linear2", how.dim_feedforward, how.d_model);
  const Map norm{{"normalized_shape", how.d_model}, {"eps", how.layer_norm_eps}, {"bias", how.bias}};
  for (size_t i = 0; i <= attentions.size(); ++i) {
    norms_.push_back(part("norm" + std::to_string(i + 1), "LayerNorm", norm));
  }
  for (size_t i = 0; i <= attentions.size(); ++i) {
    dropouts_.push_back(part("dropout" + std::to_string(i + 1), "Dropout", {{"p", how.dropout}}));
  }
}

std::vector<TransformerLayer::Named> TransformerLayer::sorted(const Flow& input, const Table& table) const {
  std::vector<Named> all(attentions_.size());
  for (const auto& [key, tensor] : input.named) {
    const auto found = table.find(key);
    if (found == table.end()) {
      std::vector<std::string> names;
      for (const auto& [known, unused] : table) names.push_back(known);
      throw ArgumentError(name() + ": unknown input '" + key + "'" + did_you_mean(key, names));
    }
    all[found->second.attention][found->second.name] = tensor;
  }
  return all;
}

at::Tensor TransformerLayer::attended(size_t attention, const Tensors& inputs, const Named& beside) const {
  return (*attentions_[attention])(Flow{inputs, beside}).tensors[0];
}

at::Tensor TransformerLayer::fed(const at::Tensor& x) const {
  const at::Tensor wide = (*linear1_)(x);
  const at::Tensor active = option().activation == "gelu" ? at::gelu(wide) : at::relu(wide);
  return (*linear2_)((*dropout_)(active));
}

at::Tensor TransformerLayer::run(at::Tensor x, std::vector<Part> parts) const {
  parts.emplace_back([this](const at::Tensor& y) { return fed(y); });
  for (size_t i = 0; i < parts.size(); ++i) {
    if (option().norm_first) {
      x = x + (*dropouts_[i])(parts[i]((*norms_[i])(x)));
    } else {
      x = (*norms_[i])(x + (*dropouts_[i])(parts[i](x)));
    }
  }
  return x;
}

void TransformerStack::make(const ModulePtr& layer, int count, const std::optional<ModulePtr>& norm) {
  List copies;
  for (int i = 0; i < count; ++i) copies.emplace_back(std::make_shared<const std::any>(clone(*layer)));
  layers_ = make_module("ModuleList", {{"modules", copies}});
  add_child("layers", layers_);
  if (!norm) return;
  norm_ = *norm;
  add_child("norm", norm_);
}

Flow TransformerStack::run(const Flow& input) const {
  Flow current = input;
  for (const auto& layer : layers_->children()) {
    Flow next = input;
    next.tensors.at(0) = current.tensors.at(0);
    current = (*layer.module)(next);
  }
  if (norm_) current.tensors[0] = (*norm_)(current.tensors[0]);
  return current;
}

}  // namespace lumir::nn
