// Residual: a body learns what is to be added to its input, and what comes in passes it by.

#include <ATen/TensorOperators.h>

#include "nn/module.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct ResidualOptions {
  ModulePtr body;
  std::optional<ModulePtr> shortcut, after;
  static Schema schema() {
    using S = ResidualOptions;
    return {Option{"body", &S::body, "what is added to its input", kArgument},
            Option{"shortcut", &S::shortcut, "what makes the input fit (a convolution of 1 x 1); 'none': as it is"},
            Option{"after", &S::after, "what the sum goes through; 'none': nothing"}};
  }
};

class Residual final : public Described<Module, ResidualOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    add_child("body", option().body);
    if (option().shortcut) add_child("shortcut", *option().shortcut);
    if (option().after) add_child("after", *option().after);
  }
  Flow flow(const Flow& input) override {
    const Flow changed = (*option().body)(input);
    const Flow straight = option().shortcut ? (**option().shortcut)(input) : input;
    const at::Tensor &x = changed.tensors.at(0), &y = straight.tensors.at(0);
    if (x.sizes() != y.sizes()) {
      throw ArgumentError(name() + ": the body gives " + tensor::show_shape(x.sizes()) + ", " +
                          (option().shortcut ? "the shortcut " : "what comes in is ") + tensor::show_shape(y.sizes()) +
                          "; a shortcut must make it fit");
    }
    const Flow sum{{x + y}, changed.named};
    return option().after ? (**option().after)(sum) : sum;
  }
};

LUMIR_MODULE(Residual, {.summary = "What a body makes of its input, added to the input (or to what a shortcut makes of "
                                   "it), through what comes after.",
                        .returns = "what the body gives",
                        .example = "nn.Residual(nn.Linear(64, 64), { after = nn.ReLU() })(torch.randn(8, 64))",
                        .source = "He et al., Deep Residual Learning (2015)"});

}  // namespace
}  // namespace lumir::nn
