// MultiheadAttention: every place of a sequence looks at all others and takes over what concerns it.
//
// Computed in the order of PyTorch's multi_head_attention_forward, with time first, so that dropout draws the same.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

#include "nn/attention.h"
#include "nn/init.h"
#include "nn/lengths.h"
#include "nn/module.h"
#include "nn/product.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct AttentionOptions {
  int embed_dim = 1, num_heads = 1;
  double dropout = 0;
  bool bias = true;
  std::optional<int> kdim, vdim;
  bool batch_first = false;
  bool need_weights = true;
  static Schema schema() {
    using S = AttentionOptions;
    return {
        Option{"embed_dim", &S::embed_dim, "numbers of each place", Range{1}, kArgument},
        Option{"num_heads", &S::num_heads, "parts that look on their own; they share embed_dim", Range{1}, kArgument},
        Option{"dropout", &S::dropout, "how likely a look is left out in training", Range{0, 1}},
        Option{"bias", &S::bias, "adds learnt numbers"},
        Option{"kdim", &S::kdim, "numbers of each place of the keys; 'none': embed_dim", Range{1}},
        Option{"vdim", &S::vdim, "numbers of each place of the values; 'none': embed_dim", Range{1}},
        Option{"batch_first", &S::batch_first, "takes [batch, time, embed_dim]; false: [time, batch, embed_dim]"},
        Option{"need_weights", &S::need_weights, "gives the weights, too; without them it is faster"}};
  }
};

class MultiheadAttention final : public Described<Module, AttentionOptions>, public Attending {
 public:
  using Described::Described;

  at::Tensor weights_of(const Flow& input) const override {
    const Tensors inputs = time_first(input);
    const at::Tensor shares = weights(heads_of(inputs), mask_of(input, inputs));
    return shares.view({inputs[0].size(1), option().num_heads, shares.size(1), shares.size(2)});
  }

 protected:
  void build() override {
    const int64_t size = option().embed_dim;
    if (size % option().num_heads != 0) {
      throw ArgumentError(name() + ": 'embed_dim' = " + std::to_string(size) +
                          " must be a multiple of 'num_heads' = " + std::to_string(option().num_heads));
    }
    // the projection out is drawn before the projections in, and stands behind them
    ModulePtr out = make_module(
        "Linear", {{"in_features", option().embed_dim}, {"out_features", option().embed_dim}, {"bias", option().bias}});
    if (packed()) {
      add_parameter("in_proj_weight", in_weight_, draw_xavier({3 * size, size}));
    } else {
      add_parameter("q_proj_weight", q_weight_, draw_xavier({size, size}));
      add_parameter("k_proj_weight", k_weight_, draw_xavier({size, option().kdim.value_or(option().embed_dim)}));
      add_parameter("v_proj_weight", v_weight_, draw_xavier({size, option().vdim.value_or(option().embed_dim)}));
    }
    if (option().bias) {
      add_parameter("in_proj_bias", in_bias_, at::zeros({3 * size}, at::kFloat));
      out->slots()[1].tensor->detach().zero_();
    }
    out_ = out.get();
    add_child("out_proj", std::move(out));
  }

  Flow flow(const Flow& input) override {
    refuse_flat_batch(input.tensors[0], option().batch_first, show());
    const Tensors inputs = time_first(input);
    Tensors results = attend(inputs, mask_of(input, inputs));
    if (input.tensors[0].dim() == 2) {
      results[0] = results[0].squeeze(1);
      if (results.size() > 1) results[1] = results[1].squeeze(0);
    } else if (option().batch_first) {
      results[0] = results[0].transpose(0, 1);
    }
    Flow output{results};
    if (inputs.size() == 1 && input.named.contains("lengths")) output.named["lengths"] = input.named.at("lengths");
    return output;
  }

 private:
  bool packed() const {
    return option().kdim.value_or(option().embed_dim) == option().embed_dim &&
           option().vdim.value_or(option().embed_dim) == option().embed_dim;
  }

  /// [time, batch, numbers] of x alone, or of query, key and value.
  Tensors time_first(const Flow& input) const {
    const size_t given = input.tensors.size();
    if (given != 1 && given != 3) {
      throw ArgumentError(name() + ": takes x, or query, key and value, got " + std::to_string(given) + " tensors");
    }
    const int sizes[] = {option().embed_dim, option().kdim.value_or(option().embed_dim),
                         option().vdim.value_or(option().embed_dim)};
    Tensors inputs;
    for (size_t i = 0; i < given; ++i) {
      inputs.push_back(time_first(input.tensors[i], input.tensors[0].dim() == 2, sizes[i]));
    }
    return inputs;
  }

  at::Tensor time_first(const at::Tensor& x, bool single, int size) const {
    if (x.dim() != (single ? 2 : 3) || x.size(-1) != size) {
      const std::string numbers = std::to_string(size) + "]";
      throw ArgumentError(name() + ": takes " + (option().batch_first ? "[batch, time, " : "[time, batch, ") + numbers +
                          " or one sequence [time, " + numbers + ", got " + tensor::show_shape(x.sizes()));
    }
    if (single) return x.unsqueeze(1);
    return option().batch_first ? x.transpose(0, 1) : x;
  }

  /// What is added to the scores, [batch * heads, queries or 1, keys] or [1, queries, keys]; undefined for nothing.
  at::Tensor mask_of(const Flow& input, const Tensors& inputs) const {
    const at::Tensor& query = inputs.front();
    const at::Tensor& key = inputs[inputs.size() > 1 ? 1 : 0];
    const int64_t queries = query.size(0), keys = key.size(0), batch = query.size(1), heads = option().num_heads;
    at::Tensor mask;
    for (const auto& [name, given] : input.named) {
      at::Tensor part;
      if (name == "attn_mask") {
        part = score_mask(given, queries, keys, batch * heads, query, this->name());
      } else if (name == "key_padding_mask") {
        part = for_heads(padding_scores(given, keys, batch, query, this->name()), heads);
      } else if (name == "lengths") {
        const at::Tensor beyond = padding_mask(checked_lengths(given, key, 1, 0, this->name()), keys);
        part = for_heads(padding_scores(beyond, keys, batch, query, this->name()), heads);
      } else {
        throw ArgumentError(this->name() + ": unknown input '" + name + "'" +
                            did_you_mean(name, {"attn_mask", "key_padding_mask", "lengths"}));
      }
      mask = mask.defined() ? mask + part : part;
    }
    return mask;
  }

  Tensors projected(const Tensors& inputs) const {
    const bool alone = inputs.size() == 1;
    const at::Tensor &query = inputs[0], &key = inputs[alone ? 0 : 1], &value = inputs[alone ? 0 : 2];
    const auto biases = in_bias_.defined() ? in_bias_.chunk(3) : Tensors(3);
    if (!packed()) {
      return {product(query, q_weight_, biases[0]), product(key, k_weight_, biases[1]),
              product(value, v_weight_, biases[2])};
    }
    if (query.is_same(key) && key.is_same(value)) {
      const at::Tensor all = product(query, in_weight_, in_bias_);
      return all.chunk(3, -1);
    }
    const auto weights = in_weight_.chunk(3);
    return {product(query, weights[0], biases[0]), product(key, weights[1], biases[1]),
            product(value, weights[2], biases[2])};
  }

  int64_t size_of_head() const { return option().embed_dim / option().num_heads; }

  /// Queries, keys and values, [batch * heads, time, size].
  Tensors heads_of(const Tensors& inputs) const {
    const int64_t rows = inputs[0].size(1) * option().num_heads;
    Tensors parts;
    for (const auto& part : projected(inputs)) {
      parts.push_back(part.contiguous().view({part.size(0), rows, size_of_head()}).transpose(0, 1));
    }
    return parts;
  }

  /// [batch * heads, queries, keys]
  at::Tensor weights(const Tensors& parts, const at::Tensor& mask) const {
    const at::Tensor scaled = parts[0] * std::sqrt(1.0 / static_cast<double>(size_of_head()));
    const at::Tensor turned = parts[1].transpose(-2, -1);
    const at::Tensor scores = mask.defined() ? at::baddbmm(mask, scaled, turned) : at::bmm(scaled, turned);
    return at::softmax(scores, -1);
  }

  Tensors attend(const Tensors& inputs, const at::Tensor& mask) {
    const int64_t time = inputs[0].size(0), batch = inputs[0].size(1), heads = option().num_heads;
    Tensors parts = heads_of(inputs);
    const double dropout = training() ? option().dropout : 0;
    const auto joined = [&](const at::Tensor& seen) {  // of [time, batch * heads, size]
      return (*out_)(seen.reshape({time * batch, option().embed_dim})).view({time, batch, option().embed_dim});
    };
    if (!option().need_weights) {
      for (auto& part : parts) part = part.view({batch, heads, part.size(1), size_of_head()});
      std::optional<at::Tensor> added;
      if (mask.defined()) {
        added = mask.size(0) == 1 ? mask.unsqueeze(0) : mask.view({batch, heads, mask.size(1), mask.size(2)});
      }
      const at::Tensor seen = at::scaled_dot_product_attention(parts[0], parts[1], parts[2], added, dropout);
      return {joined(seen.permute({2, 0, 1, 3}))};
    }
    at::Tensor shares = weights(parts, mask);
    if (dropout > 0) shares = at::dropout(shares, dropout, /*train=*/true);
    const at::Tensor seen = at::bmm(shares, parts[2]).transpose(0, 1);
    return {joined(seen), shares.view({batch, heads, time, parts[1].size(1)}).mean(1)};
  }

  at::Tensor in_weight_, q_weight_, k_weight_, v_weight_, in_bias_;
  Module* out_ = nullptr;  // the child
};

LUMIR_MODULE(MultiheadAttention,
             {.summary = "Every place of the queries takes over the values of those keys that concern it; of x alone, "
                         "each place looks at all of x. Beside them by name: attn_mask (true, or a number that is "
                         "added, for each query and key: true is not seen), key_padding_mask, or the lengths of the "
                         "keys.",
              .returns = "the shape of the queries, then the weights [batch, queries, keys], the mean of all heads",
              .example = "nn.MultiheadAttention(16, 4, { batch_first = true })(torch.randn(2, 10, 16))",
              .source = "torch.nn.MultiheadAttention; Vaswani et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
