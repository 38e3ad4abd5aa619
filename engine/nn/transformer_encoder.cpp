// TransformerEncoder: the same encoder layer several times, each with weights of its own.

#include "nn/transformer.h"

namespace lumir::nn {
namespace {

struct EncoderOptions {
  ModulePtr encoder_layer;
  int num_layers = 1;
  std::optional<ModulePtr> norm;
  static Schema schema() {
    using S = EncoderOptions;
    return {Option{"encoder_layer", &S::encoder_layer, "what is copied, weights and all", kArgument},
            Option{"num_layers", &S::num_layers, "how many copies follow each other", Range{1}, kArgument},
            Option{"norm", &S::norm, "a norm at the end; 'none': no one"}};
  }
};

class TransformerEncoder final : public Described<TransformerStack, EncoderOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option().encoder_layer, option().num_layers, option().norm); }

  Flow flow(const Flow& input) override {
    Flow renamed = input;
    if (const auto mask = renamed.named.extract("mask"); !mask.empty()) renamed.named["src_mask"] = mask.mapped();
    return run(renamed);
  }
};

LUMIR_MODULE(
    TransformerEncoder,
    {.summary = "Copies of an encoder layer one after the other. Beside x by name: mask, src_key_padding_mask, "
                "or lengths.",
     .returns = "the shape of x",
     .example = "nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, { batch_first = true }), "
                "2)(torch.randn(2, 10, 16))",
     .source = "torch.nn.TransformerEncoder; Vaswani et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
