// Normalize: rows of length 1.

#include <ATen/TensorOperators.h>
#include <ATen/ops/linalg_vector_norm.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct NormalizeOptions {
  Position dim{-1};
  double eps = 1e-12;
  static Schema schema() {
    using S = NormalizeOptions;
    return {Option{"dim", &S::dim, "along which dimension, from 1", kPlace},
            Option{"eps", &S::eps, "shorter ones are divided by this", kPositive}};
  }
};

class Normalize final : public Described<Layer, NormalizeOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    return x / at::linalg_vector_norm(x, 2, option().dim.number, /*keepdim=*/true).clamp_min(option().eps);
  }
};

LUMIR_MODULE(Normalize, {.summary = "Gives every row length 1, as embeddings have it that are compared by their angle.",
                         .returns = "the shape of x",
                         .example = "nn.Normalize()(torch.randn(8, 256))",
                         .source = "torch.nn.functional.normalize"});

}  // namespace
}  // namespace lumir::nn
