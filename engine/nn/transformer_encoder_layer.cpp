// TransformerEncoderLayer: attention, then two dense layers, each with what comes in added and normalised.

#include "nn/transformer.h"

namespace lumir::nn {
namespace {

class TransformerEncoderLayer final : public TransformerLayer {
 public:
  using TransformerLayer::TransformerLayer;

 protected:
  void build() override { make({"self_attn"}); }

  Flow flow(const Flow& input) override {
    static const Table table{
        {"src_mask", {0, "attn_mask"}}, {"src_key_padding_mask", {0, "key_padding_mask"}}, {"lengths", {0, "lengths"}}};
    if (input.tensors.size() != 1) {
      throw ArgumentError(name() + ": takes one tensor, got " + std::to_string(input.tensors.size()));
    }
    const auto beside = sorted(input, table);
    Flow output{{run(input.tensors[0], {[&](const at::Tensor& x) { return attended(0, {x}, beside[0]); }})}};
    if (input.named.contains("lengths")) output.named["lengths"] = input.named.at("lengths");
    return output;
  }
};

LUMIR_MODULE(TransformerEncoderLayer,
             {.summary = "Attention, then two dense layers, each with what comes in added and normalised. Beside x by "
                         "name: src_mask, src_key_padding_mask, or lengths.",
              .returns = "the shape of x",
              .example = "nn.TransformerEncoderLayer(16, 4, { batch_first = true })(torch.randn(2, 10, 16))",
              .source = "torch.nn.TransformerEncoderLayer; Vaswani et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
