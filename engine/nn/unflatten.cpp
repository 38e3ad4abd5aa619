// Unflatten: one dimension becomes several.

#include <ATen/ops/unflatten.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct UnflattenOptions {
  Position dim{1};
  Sizes unflattened_size;
  static Schema schema() {
    using S = UnflattenOptions;
    return {Option{"dim", &S::dim, "which one, from 1; -1 is the last", kArgument},
            Option{"unflattened_size", &S::unflattened_size, "the sizes that take its place; one may be -1: the rest",
                   Range{-1}, kArgument}};
  }
};

class Unflatten final : public Described<Layer, UnflattenOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    const auto& sizes = option().unflattened_size.each;
    return at::unflatten(x, option().dim.number, std::vector<int64_t>(sizes.begin(), sizes.end()));
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }
};

LUMIR_MODULE(Unflatten, {.summary = "Makes several dimensions of one: the way back from Flatten.",
                         .returns = "the shape of x, with those sizes in place of that dimension",
                         .example = "nn.Unflatten(2, { 64, 4, 4 })(torch.randn(8, 1024))",
                         .source = "torch.nn.Unflatten"});

}  // namespace
}  // namespace lumir::nn
