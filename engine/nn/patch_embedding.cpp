// PatchEmbedding: a picture becomes a sequence of its patches, as a Transformer reads it.

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct PatchOptions {
  int in_channels = 1, embed_dim = 768;
  Sizes patch_size{16};
  std::optional<Sizes> stride;
  static Schema schema() {
    using S = PatchOptions;
    return {
        Option{"in_channels", &S::in_channels, "channels of the picture", Range{1}, kArgument},
        Option{"embed_dim", &S::embed_dim, "numbers that a patch becomes", Range{1}, kArgument},
        Option{"patch_size", &S::patch_size, "height and width of a patch", Range{1}, kPlace},
        Option{"stride", &S::stride, "positions from one patch to the next; 'none': they do not overlap", Range{1}}};
  }
};

class PatchEmbedding final : public Described<Layer, PatchOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const Map given = options();
    const Value& stride = option().stride ? given.at("stride") : given.at("patch_size");
    projection_ = make_module("Conv2d", {{"in_channels", option().in_channels},
                                         {"out_channels", option().embed_dim},
                                         {"kernel_size", given.at("patch_size")},
                                         {"stride", stride}});
    add_child("proj", projection_);
  }
  at::Tensor forward(const at::Tensor& x) override { return (*projection_)(x).flatten(-2).transpose(-2, -1); }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  ModulePtr projection_;
};

LUMIR_MODULE(PatchEmbedding,
             {.summary = "Cuts pictures into patches and makes of each, by a learnt sum of its numbers, a place of a "
                         "sequence; row after row.",
              .returns = "[batch, patches, embed_dim]",
              .example = "nn.PatchEmbedding(1, 192, 16, { stride = 10 })(torch.randn(2, 1, 128, 100))",
              .source = "timm.layers.PatchEmbed; Dosovitskiy et al. (2020); Gong et al., AST (2021)"});

}  // namespace
}  // namespace lumir::nn
