// Upsample: sequences, pictures and volumes grow; what lies between is taken from neighbours.

#include <ATen/ops/_upsample_nearest_exact1d.h>
#include <ATen/ops/_upsample_nearest_exact2d.h>
#include <ATen/ops/_upsample_nearest_exact3d.h>
#include <ATen/ops/upsample_bicubic2d.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_linear1d.h>
#include <ATen/ops/upsample_nearest1d.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <ATen/ops/upsample_nearest3d.h>
#include <ATen/ops/upsample_trilinear3d.h>

#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct UpsampleOptions {
  std::optional<Sizes> size;
  std::optional<Factors> scale_factor;
  std::string mode = "nearest";
  bool align_corners = false;
  static Schema schema() {
    using S = UpsampleOptions;
    return {Option{"size", &S::size, "positions that come out, of each dimension; or:", Range{1}, kPlace},
            Option{"scale_factor", &S::scale_factor, "by how much each dimension grows", kPositive},
            Option{"mode", &S::mode, "what stands between: the nearest number, or what a line or a curve says",
                   Choices{"nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear"}},
            Option{"align_corners", &S::align_corners,
                   "first and last numbers stay where they are; else the edges of what they stand for"}};
  }
};

using Size = at::OptionalIntArrayRef;
using Scale = std::optional<at::ArrayRef<double>>;
using Nearest = at::Tensor (*)(const at::Tensor&, Size, Scale);
using Between = at::Tensor (*)(const at::Tensor&, Size, bool, Scale);

/// How a mode is reckoned along so many dimensions: by one of the two.
struct Way {
  const char* mode;
  int64_t dimensions;
  Nearest nearest;
  Between between;
};
constexpr Way kWays[] = {{"nearest", 1, at::upsample_nearest1d, nullptr},
                         {"nearest", 2, at::upsample_nearest2d, nullptr},
                         {"nearest", 3, at::upsample_nearest3d, nullptr},
                         {"nearest-exact", 1, at::_upsample_nearest_exact1d, nullptr},
                         {"nearest-exact", 2, at::_upsample_nearest_exact2d, nullptr},
                         {"nearest-exact", 3, at::_upsample_nearest_exact3d, nullptr},
                         {"linear", 1, nullptr, at::upsample_linear1d},
                         {"bilinear", 2, nullptr, at::upsample_bilinear2d},
                         {"bicubic", 2, nullptr, at::upsample_bicubic2d},
                         {"trilinear", 3, nullptr, at::upsample_trilinear3d}};

class Upsample final : public Described<Layer, UpsampleOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    if (option().size.has_value() == option().scale_factor.has_value()) {
      throw ArgumentError(name() + ": takes either 'size' or 'scale_factor'");
    }
  }
  at::Tensor forward(const at::Tensor& x) override {
    const int64_t dimensions = x.dim() - 2;
    for (const Way& way : kWays) {
      if (way.mode != option().mode || way.dimensions != dimensions) continue;
      const auto rank = static_cast<size_t>(dimensions);
      std::vector<int64_t> size;
      std::vector<double> scale;
      if (option().size) size = option().size->over(rank, name(), "size");
      if (option().scale_factor) scale = option().scale_factor->over(rank, name(), "scale_factor");
      const Size wanted = option().size ? Size(size) : Size();
      const Scale by = option().scale_factor ? Scale(scale) : Scale();
      return way.nearest ? way.nearest(x, wanted, by) : way.between(x, wanted, option().align_corners, by);
    }
    throw ArgumentError(name() + ": mode '" + option().mode + "' does not take " + tensor::show_shape(x.sizes()));
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }
};

LUMIR_MODULE(Upsample,
             {.summary = "Makes the last dimensions larger, to a size or by a factor. 'linear' is for sequences, "
                         "'bilinear' and 'bicubic' for pictures, 'trilinear' for volumes, the others for all.",
              .returns = "[batch, channels, positions ...]",
              .example = "nn.Upsample { scale_factor = 2, mode = 'bilinear' }(torch.randn(8, 3, 16, 16))",
              .source = "torch.nn.Upsample"});

}  // namespace
}  // namespace lumir::nn
