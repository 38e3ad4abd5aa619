// TransformerDecoderLayer: attention to itself, attention to what an encoder has made, then two dense layers.

#include "nn/transformer.h"

namespace lumir::nn {
namespace {

class TransformerDecoderLayer final : public TransformerLayer {
 public:
  using TransformerLayer::TransformerLayer;

 protected:
  void build() override { make({"self_attn", "multihead_attn"}); }

  Flow flow(const Flow& input) override {
    static const Table table{{"tgt_mask", {0, "attn_mask"}},
                             {"tgt_key_padding_mask", {0, "key_padding_mask"}},
                             {"lengths", {0, "lengths"}},
                             {"memory_mask", {1, "attn_mask"}},
                             {"memory_key_padding_mask", {1, "key_padding_mask"}},
                             {"memory_lengths", {1, "lengths"}}};
    if (input.tensors.size() != 2) {
      throw ArgumentError(name() + ": takes a sequence and the memory of an encoder, got " +
                          std::to_string(input.tensors.size()) + (input.tensors.size() == 1 ? " tensor" : " tensors"));
    }
    const at::Tensor& memory = input.tensors[1];
    const auto beside = sorted(input, table);
    Flow output{{run(input.tensors[0], {[&](const at::Tensor& x) { return attended(0, {x}, beside[0]); },
                                        [&](const at::Tensor& x) {
                                          return attended(1, {x, memory, memory}, beside[1]);
                                        }})}};
    if (input.named.contains("lengths")) output.named["lengths"] = input.named.at("lengths");
    return output;
  }
};

LUMIR_MODULE(TransformerDecoderLayer,
             {.summary = "Attention to itself, attention to an encoder's memory, then two dense layers, each with what "
                         "comes in added and normalised. Beside them by name: tgt_mask, tgt_key_padding_mask, lengths; "
                         "memory_mask, memory_key_padding_mask, memory_lengths.",
              .returns = "the shape of x",
              .example = "nn.TransformerDecoderLayer(16, 4, { batch_first = true })(torch.randn(2, 7, 16), "
                         "torch.randn(2, 10, 16))",
              .source = "torch.nn.TransformerDecoderLayer; Vaswani et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
