// TransformerEncoder: the same encoder layer several times, each with weights of its own.

#include "nn/module.h"

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

class TransformerEncoder final : public Described<Module, EncoderOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    std::vector<ModulePtr> copies;
    for (int i = 0; i < option().num_layers; ++i) copies.push_back(clone(*option().encoder_layer));
    layers_ = make_list(copies);
    add_child("layers", layers_);
    if (option().norm) add_child("norm", *option().norm);
  }

  Flow flow(const Flow& input) override {
    Flow current = input;
    if (const auto mask = current.named.extract("mask"); !mask.empty()) current.named["src_mask"] = mask.mapped();
    const auto beside = current.named;
    for (const auto& layer : layers_->children()) {
      current.named = beside;
      current = (*layer.module)(current);
    }
    if (!option().norm) return current;
    return {{(**option().norm)(current.tensors.at(0))}, current.named};
  }

 private:
  static ModulePtr make_list(const std::vector<ModulePtr>& modules) {
    List list;
    for (const auto& module : modules) list.emplace_back(std::make_shared<const std::any>(module));
    return make_module("ModuleList", {{"modules", list}});
  }

  ModulePtr layers_;
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
