// TransformerEncoderLayer: attention, then two dense layers, each with what comes in added and normalised.

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/relu.h>

#include "nn/module.h"

namespace lumir::nn {
namespace {

struct EncoderLayerOptions {
  int d_model = 1, nhead = 1;
  int dim_feedforward = 2048;
  double dropout = 0.1;
  std::string activation = "relu";
  double layer_norm_eps = 1e-5;
  bool batch_first = false;
  bool norm_first = false;
  bool bias = true;
  static Schema schema() {
    using S = EncoderLayerOptions;
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
};

class TransformerEncoderLayer final : public Described<Module, EncoderLayerOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const auto& how = option();
    attention_ = part("self_attn", "MultiheadAttention",
                      {{"embed_dim", how.d_model},
                       {"num_heads", how.nhead},
                       {"dropout", how.dropout},
                       {"bias", how.bias},
                       {"batch_first", how.batch_first},
                       {"need_weights", false}});
    linear1_ = dense("linear1", how.d_model, how.dim_feedforward);
    dropout_ = part("dropout", "Dropout", {{"p", how.dropout}});
    linear2_ = dense("linear2", how.dim_feedforward, how.d_model);
    const Map norm{{"normalized_shape", how.d_model}, {"eps", how.layer_norm_eps}, {"bias", how.bias}};
    norm1_ = part("norm1", "LayerNorm", norm);
    norm2_ = part("norm2", "LayerNorm", norm);
    dropout1_ = part("dropout1", "Dropout", {{"p", how.dropout}});
    dropout2_ = part("dropout2", "Dropout", {{"p", how.dropout}});
  }

  Flow flow(const Flow& input) override {
    if (input.tensors.size() != 1) {
      throw ArgumentError(name() + ": takes one tensor, got " + std::to_string(input.tensors.size()));
    }
    const Flow beside{{}, named_for_attention(input)};
    at::Tensor x = input.tensors[0];
    if (option().norm_first) {
      x = x + attended((*norm1_)(x), beside);
      x = x + fed((*norm2_)(x));
    } else {
      x = (*norm1_)(x + attended(x, beside));
      x = (*norm2_)(x + fed(x));
    }
    Flow output{{x}};
    if (input.named.contains("lengths")) output.named["lengths"] = input.named.at("lengths");
    return output;
  }

 private:
  ModulePtr part(const std::string& child, const std::string& kind, const Map& options) {
    ModulePtr module = make_module(kind, options);
    add_child(child, module);
    return module;
  }
  ModulePtr dense(const std::string& child, int in, int out) {
    return part(child, "Linear", {{"in_features", in}, {"out_features", out}, {"bias", option().bias}});
  }

  std::map<std::string, at::Tensor> named_for_attention(const Flow& input) const {
    static const std::map<std::string, std::string> names{
        {"src_mask", "attn_mask"}, {"src_key_padding_mask", "key_padding_mask"}, {"lengths", "lengths"}};
    std::map<std::string, at::Tensor> named;
    for (const auto& [key, tensor] : input.named) {
      const auto found = names.find(key);
      if (found == names.end()) {
        throw ArgumentError(name() + ": unknown input '" + key + "'" +
                            did_you_mean(key, {"src_mask", "src_key_padding_mask", "lengths"}));
      }
      named[found->second] = tensor;
    }
    return named;
  }
  at::Tensor attended(const at::Tensor& x, Flow beside) {
    beside.tensors = {x};
    return (*dropout1_)((*attention_)(beside).tensors[0]);
  }
  at::Tensor fed(const at::Tensor& x) {
    const at::Tensor wide = (*linear1_)(x);
    const at::Tensor active = option().activation == "gelu" ? at::gelu(wide) : at::relu(wide);
    return (*dropout2_)((*linear2_)((*dropout_)(active)));
  }

  ModulePtr attention_, linear1_, dropout_, linear2_, norm1_, norm2_, dropout1_, dropout2_;
};

LUMIR_MODULE(TransformerEncoderLayer,
             {.summary = "Attention, then two dense layers, each with what comes in added and normalised. Beside x by "
                         "name: src_mask, src_key_padding_mask, or lengths.",
              .returns = "the shape of x",
              .example = "nn.TransformerEncoderLayer(16, 4, { batch_first = true })(torch.randn(2, 10, 16))",
              .source = "torch.nn.TransformerEncoderLayer; Vaswani et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
