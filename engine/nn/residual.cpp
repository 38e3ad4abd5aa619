// Residual: a body learns what is to be added to its input, and what comes in passes it by.

#include <ATen/TensorOperators.h>

#include "nn/module.h"
#include "nn/named_parts.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct ResidualOptions {
  ModulePtr body;
  std::optional<ModulePtr> shortcut, after;
  std::vector<std::string> names = {"body", "shortcut", "after"};
  static Schema schema() {
    using S = ResidualOptions;
    return {Option{"body", &S::body, "what is added to its input", kArgument},
            Option{"shortcut", &S::shortcut, "what makes the input fit (a convolution of 1 x 1); 'none': as it is"},
            Option{"after", &S::after, "what the sum goes through; 'none': nothing"},
            Option{"names", &S::names,
                   "what body, shortcut and after are called in states; what stands within one called '' has its name "
                   "without it"}};
  }
};

class Residual final : public Described<Module, ResidualOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const auto& all = option().names;
    if (all.size() != 3) throw ArgumentError(name() + ": 'names' must be three, of body, shortcut and after");
    std::vector<ModulePtr> parts{option().body};
    std::vector<std::string> names{all[0]};
    const auto add = [&](const std::optional<ModulePtr>& part, const std::string& called) {
      if (!part) return;
      parts.push_back(*part);
      names.push_back(called);
    };
    add(option().shortcut, all[1]);
    add(option().after, all[2]);
    for (const auto& part : named_parts(parts, names, name())) add_child(part.name, part.module);
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
