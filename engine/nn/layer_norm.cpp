// LayerNorm: every row gets mean 0 and deviation 1 by itself, whatever else is in the batch.

#include <ATen/ops/layer_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct LayerNormOptions {
  Sizes normalized_shape;
  double eps = 1e-5;
  bool elementwise_affine = true;
  bool bias = true;
  static Schema schema() {
    using S = LayerNormOptions;
    return {Option{"normalized_shape", &S::normalized_shape, "size of the last dimension, or of the last ones",
                   Range{1}, kArgument},
            Option{"eps", &S::eps, "added to the variance", kNonNegative},
            Option{"elementwise_affine", &S::elementwise_affine, "learns a scale (and a shift) for each place"},
            Option{"bias", &S::bias, "learns the shift"}};
  }
};

class LayerNorm final : public Described<Layer, LayerNormOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const auto& sizes = option().normalized_shape.each;
    shape_.assign(sizes.begin(), sizes.end());
    if (!option().elementwise_affine) return;
    add_parameter("weight", weight_, at::ones(shape_, at::kFloat));
    if (option().bias) add_parameter("bias", bias_, at::zeros(shape_, at::kFloat));
  }
  at::Tensor forward(const at::Tensor& x) override { return at::layer_norm(x, shape_, weight_, bias_, option().eps); }

 private:
  std::vector<int64_t> shape_;
  at::Tensor weight_, bias_;
};

LUMIR_MODULE(LayerNorm, {.summary = "Gives every row mean 0 and deviation 1 over its last dimensions, then a learnt "
                                    "scale and shift.",
                         .returns = "the shape of x",
                         .example = "nn.LayerNorm(192)(torch.randn(8, 10, 192))",
                         .source = "torch.nn.LayerNorm; Ba et al., Layer Normalization (2016)"});

}  // namespace
}  // namespace lumir::nn
