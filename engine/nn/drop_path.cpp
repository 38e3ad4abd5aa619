// DropPath: in training, whole examples skip what a branch has made of them (stochastic depth).

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "nn/module.h"

namespace lumir::nn {
namespace {

struct DropPathOptions {
  double drop_prob = 0;
  bool scale_by_keep = true;
  static Schema schema() {
    return {Option{"drop_prob", &DropPathOptions::drop_prob, "how likely an example is set to zero in training",
                   Range{0, 1}, kPlace},
            Option{"scale_by_keep", &DropPathOptions::scale_by_keep,
                   "divides the others by how likely they are kept, so that the mean stays"}};
  }
};

class DropPath final : public Described<Layer, DropPathOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    const double kept = 1 - option().drop_prob;
    if (!training() || kept == 1) return x;
    std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
    if (!shape.empty()) shape[0] = x.size(0);
    const at::Tensor mask = at::empty(shape, x.options()).bernoulli_(kept);
    return x * (option().scale_by_keep && kept > 0 ? mask / kept : mask);
  }
};

LUMIR_MODULE(DropPath, {.summary = "In training, sets whole examples to zero by chance, at the end of a branch that a "
                                   "Residual adds: the example goes past it. In eval it changes nothing.",
                        .returns = "the shape of x",
                        .example = "nn.DropPath(0.1)(torch.randn(8, 64))",
                        .source = "timm.layers.DropPath; Huang et al., Deep Networks with Stochastic Depth (2016)"});

}  // namespace
}  // namespace lumir::nn
