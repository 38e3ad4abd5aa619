// Resize: pictures (spectrograms) get the size that a network trained on photographs wants.

#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/upsample_bicubic2d.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct ResizeOptions {
  Sizes size;
  std::string interpolation = "bilinear";
  bool antialias = true;
  static Schema schema() {
    using S = ResizeOptions;
    return {
        Option{"size", &S::size, "height and width that come out; one number is both", Range{1}, kArgument},
        Option{"interpolation", &S::interpolation, "by straight lines or by curves", Choices{"bilinear", "bicubic"}},
        Option{"antialias", &S::antialias, "what gets smaller is a mean of all that it stands for"}};
  }
};

class Resize final : public Described<Layer, ResizeOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { size_ = option().size.over(2, name(), "size"); }
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() != 3 && x.dim() != 4) {
      throw ArgumentError(name() + ": takes " + shape_words(2) + " or one such picture, got " +
                          tensor::show_shape(x.sizes()));
    }
    const Resample by = resample();
    const at::Tensor y = by(x.dim() == 3 ? x.unsqueeze(0) : x, size_, /*align_corners=*/false, std::nullopt);
    return x.dim() == 3 ? y.squeeze(0) : y;
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  using Resample = at::Tensor (*)(const at::Tensor&, at::OptionalIntArrayRef, bool,
                                  std::optional<at::ArrayRef<double>>);
  Resample resample() const {
    const bool smooth = option().antialias;
    Resample by = at::upsample_bilinear2d;
    if (smooth) by = at::_upsample_bilinear2d_aa;
    if (option().interpolation == "bilinear") return by;
    by = at::upsample_bicubic2d;
    if (smooth) by = at::_upsample_bicubic2d_aa;
    return by;
  }

  std::vector<int64_t> size_;
};

LUMIR_MODULE(Resize, {.summary = "Gives pictures another height and width; in front of a network that was trained on "
                                 "photographs, 224 x 224.",
                      .returns = "[batch, channels, height, width]",
                      .example = "nn.Resize(224)(torch.randn(2, 1, 128, 431))",
                      .source = "torchvision.transforms.Resize"});

}  // namespace
}  // namespace lumir::nn
