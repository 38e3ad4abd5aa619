// TransformerDecoder: the same decoder layer several times, each with weights of its own.

#include "nn/transformer.h"

namespace lumir::nn {
namespace {

struct DecoderOptions {
  ModulePtr decoder_layer;
  int num_layers = 1;
  std::optional<ModulePtr> norm;
  static Schema schema() {
    using S = DecoderOptions;
    return {Option{"decoder_layer", &S::decoder_layer, "what is copied, weights and all", kArgument},
            Option{"num_layers", &S::num_layers, "how many copies follow each other", Range{1}, kArgument},
            Option{"norm", &S::norm, "a norm at the end; 'none': no one"}};
  }
};

class TransformerDecoder final : public Described<TransformerStack, DecoderOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option().decoder_layer, option().num_layers, option().norm); }
  Flow flow(const Flow& input) override { return run(input); }
};

LUMIR_MODULE(
    TransformerDecoder,
    {.summary = "Copies of a decoder layer one after the other, each of which sees the memory. Beside x and the memory "
                "by name: what a TransformerDecoderLayer takes.",
     .returns = "the shape of x",
     .example = "nn.TransformerDecoder(nn.TransformerDecoderLayer(16, 4, { batch_first = true }), "
                "2)(torch.randn(2, 7, 16), torch.randn(2, 10, 16))",
     .source = "torch.nn.TransformerDecoder; Vaswani et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
