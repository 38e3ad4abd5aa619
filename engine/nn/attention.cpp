// Masks become numbers that are added to scores.

#include "nn/attention.h"

#include <limits>

#include <ATen/ops/zeros.h>

#include "core/error.h"
#include "nn/calls.h"
#include "nn/network.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

class AttentionWatch final : public CallWatch {
 public:
  explicit AttentionWatch(const ModulePtr& network) {
    for (const auto& one : all_of(network)) paths_[one.module.get()] = one.name;
  }
  void after(Module& module, const Flow& input, const Flow&) override {
    const auto* attending = dynamic_cast<const Attending*>(&module);
    if (attending) maps.push_back({paths_[&module], attending->weights_of(input)});
  }
  std::vector<AttentionMap> maps;

 private:
  std::map<const Module*, std::string> paths_;
};

/// Shares that are no numbers say nothing of where a layer looks.
void check_weights(const AttentionMap& map) {
  const at::Tensor rows = map.weights.isnan().flatten(1).any(1);
  if (!rows.any().item<bool>()) return;
  const std::string layer = map.path.empty() ? "the layer" : "'" + map.path + "'";
  throw ArgumentError("attention_weights: " + layer + " has NaN in row " +
                      std::to_string(rows.to(at::kInt).argmax().item<int64_t>() + 1) +
                      ": its input does, or a mask hides every key");
}

}  // namespace

at::Tensor as_scores(const at::Tensor& mask, const at::Tensor& like) {
  if (mask.scalar_type() != at::kBool) return mask.to(like.options());
  const at::Tensor zeros = at::zeros(mask.sizes(), like.options());
  return zeros.masked_fill(mask.to(like.device()), -std::numeric_limits<double>::infinity());
}

at::Tensor score_mask(const at::Tensor& mask, int64_t queries, int64_t keys, int64_t rows, const at::Tensor& like,
                      const std::string& who) {
  const std::vector<int64_t> flat{queries, keys}, each{rows, queries, keys};
  if (mask.sizes() == at::IntArrayRef(flat)) return as_scores(mask, like).unsqueeze(0);
  if (mask.sizes() == at::IntArrayRef(each)) return as_scores(mask, like);
  throw ArgumentError(who + ": 'attn_mask' must be " + tensor::show_shape(flat) + " or " + tensor::show_shape(each) +
                      ", got " + tensor::show_shape(mask.sizes()));
}

at::Tensor padding_scores(const at::Tensor& mask, int64_t keys, int64_t batch, const at::Tensor& like,
                          const std::string& who) {
  const std::vector<int64_t> shape{batch, keys}, one{keys};
  if (mask.sizes() == at::IntArrayRef(shape)) return as_scores(mask, like);
  if (batch == 1 && mask.sizes() == at::IntArrayRef(one)) return as_scores(mask, like).unsqueeze(0);
  throw ArgumentError(who + ": 'key_padding_mask' must be " + tensor::show_shape(shape) + ", got " +
                      tensor::show_shape(mask.sizes()));
}

at::Tensor for_heads(const at::Tensor& scores, int64_t heads) {
  const int64_t batch = scores.size(0), keys = scores.size(1);
  return scores.view({batch, 1, 1, keys}).expand({-1, heads, -1, -1}).reshape({batch * heads, 1, keys});
}

std::vector<AttentionMap> attention_maps(const ModulePtr& network, const Flow& input) {
  const Judging judging(*network);
  AttentionWatch watch(network);
  (*network)(input);
  for (const auto& map : watch.maps) check_weights(map);
  return watch.maps;
}

}  // namespace lumir::nn
