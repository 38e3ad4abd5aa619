// Permute: dimensions in another order.

#include <algorithm>

#include <ATen/core/Tensor.h>

#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct PermuteOptions {
  std::vector<Position> dims;
  static Schema schema() {
    return {Option{"dims", &PermuteOptions::dims, "which dimension, from 1, each of the new ones is", kListed}};
  }
};

class Permute final : public Described<Layer, PermuteOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    for (const auto& dim : option().dims) order_.push_back(dim.number);
    std::vector<int64_t> sorted = order_;
    std::sort(sorted.begin(), sorted.end());
    for (size_t i = 0; i < sorted.size(); ++i) {
      if (sorted[i] == static_cast<int64_t>(i)) continue;
      throw ArgumentError(name() + ": 'dims' must hold each number from 1 to " + std::to_string(sorted.size()) +
                          " once");
    }
  }
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() == static_cast<int64_t>(order_.size())) return x.permute(order_);
    throw ArgumentError(name() + ": takes " + std::to_string(order_.size()) + " dimensions, got " +
                        tensor::show_shape(x.sizes()));
  }

 private:
  std::vector<int64_t> order_;
};

LUMIR_MODULE(Permute, {.summary = "Dimensions in another order: what stands between convolutions, [batch, channels, "
                                  "time], and recurrent layers, [batch, time, channels].",
                       .returns = "the dimensions of x as 'dims' has them",
                       .example = "nn.Permute { 1, 3, 2 }(torch.randn(8, 64, 100))",
                       .source = "torchvision.ops.Permute"});

}  // namespace
}  // namespace lumir::nn
