// RMSNorm: every row is divided by the root of its mean square; its mean stays.

#include <ATen/ops/ones.h>
#include <ATen/ops/rms_norm.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct RMSNormOptions {
  Sizes normalized_shape;
  std::optional<double> eps;
  bool elementwise_affine = true;
  static Schema schema() {
    using S = RMSNormOptions;
    return {Option{"normalized_shape", &S::normalized_shape, "size of the last dimension, or of the last ones",
                   Range{1}, kArgument},
            Option{"eps", &S::eps, "added to the mean square; 'none': the least step of its numbers", kNonNegative},
            Option{"elementwise_affine", &S::elementwise_affine, "learns a scale for each place"}};
  }
};

class RMSNorm final : public Described<Layer, RMSNormOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const auto& sizes = option().normalized_shape.each;
    shape_.assign(sizes.begin(), sizes.end());
    if (option().elementwise_affine) add_parameter("weight", weight_, at::ones(shape_, at::kFloat));
  }
  at::Tensor forward(const at::Tensor& x) override { return at::rms_norm(x, shape_, weight_, option().eps); }

 private:
  std::vector<int64_t> shape_;
  at::Tensor weight_;
};

LUMIR_MODULE(RMSNorm, {.summary = "Divides every row by the root of the mean square of its last dimensions, then a "
                                  "learnt scale.",
                       .returns = "the shape of x",
                       .example = "nn.RMSNorm(192)(torch.randn(8, 10, 192))",
                       .source = "torch.nn.RMSNorm; Zhang and Sennrich (2019)"});

}  // namespace
}  // namespace lumir::nn
