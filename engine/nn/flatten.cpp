// Flatten: several dimensions become one.

#include <ATen/ops/flatten.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct FlattenOptions {
  Position start_dim{1}, end_dim{-1};
  static Schema schema() {
    return {Option{"start_dim", &FlattenOptions::start_dim, "the first of them, from 1", kPlace},
            Option{"end_dim", &FlattenOptions::end_dim, "the last of them", kPlace}};
  }
};

class Flatten final : public Described<Layer, FlattenOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    return at::flatten(x, option().start_dim.number, option().end_dim.number);
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }
};

LUMIR_MODULE(Flatten, {.summary = "Makes one dimension of several: of all but the batch, unless told otherwise.",
                       .returns = "[batch, numbers]",
                       .example = "nn.Flatten()(torch.randn(8, 64, 4, 4))",
                       .source = "torch.nn.Flatten"});

}  // namespace
}  // namespace lumir::nn
