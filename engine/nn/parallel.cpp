// Parallel: several modules hear the same input; what they make of it is joined.

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include "nn/module.h"
#include "nn/named_parts.h"
#include "nn/sizes.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct ParallelOptions {
  std::vector<ModulePtr> branches;
  std::string merge = "cat";
  Position dim{1};
  std::vector<std::string> names;
  static Schema schema() {
    using S = ParallelOptions;
    return {Option{"branches", &S::branches, "what hears the same input", kListed},
            Option{"merge", &S::merge, "how their results become one; 'none': all of them, in order",
                   Choices{"cat", "sum", "mean", "none"}},
            Option{"dim", &S::dim, "along which dimension, from 1, they are joined by 'cat'"}, names_option<S>()};
  }
};

class Parallel final : public Described<Module, ParallelOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    if (option().branches.empty()) throw ArgumentError(name() + ": needs at least one branch");
    for (const auto& part : named_parts(option().branches, option().names, name())) add_child(part.name, part.module);
  }
  Flow flow(const Flow& input) override {
    Tensors results;
    Flow output;
    for (const auto& branch : option().branches) {
      Flow result = (*branch)(input);
      if (results.empty()) output.named = result.named;  // lengths go on as the first branch has them
      results.push_back(result.tensors.at(0));
    }
    output.tensors = option().merge == "none" ? results : Tensors{merged(results)};
    return output;
  }

 private:
  at::Tensor merged(const Tensors& results) const {
    if (option().merge == "cat") return at::cat(results, option().dim.number);
    at::Tensor sum = results[0];
    for (size_t i = 1; i < results.size(); ++i) {
      if (results[i].sizes() != sum.sizes()) {
        throw ArgumentError(name() + ": branch 1 gives " + tensor::show_shape(sum.sizes()) + ", branch " +
                            std::to_string(i + 1) + " " + tensor::show_shape(results[i].sizes()));
      }
      sum = sum + results[i];
    }
    return option().merge == "mean" ? sum / static_cast<double>(results.size()) : sum;
  }
};

LUMIR_MODULE(Parallel,
             {.summary = "Several modules hear the same input; their results are joined along a dimension or added.",
              .returns = "the joined results; with merge = 'none' each of them",
              .example = "nn.Parallel { nn.Linear(64, 8), nn.Linear(64, 16) }(torch.randn(8, 64))",
              .source = "Szegedy et al., Going Deeper with Convolutions (2014)"});

}  // namespace
}  // namespace lumir::nn
