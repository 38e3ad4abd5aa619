// Lambda: a function as a layer.

#include "nn/lambda.h"

#include "core/kind.h"

namespace lumir::nn {
namespace {

const KindName<TensorFunction> word{"a function"};

struct LambdaOptions {
  TensorFunction function;
  static Schema schema() {
    return {Option{"function", &LambdaOptions::function, "gets the tensors that come in, answers those that come out",
                   kArgument}};
  }
};

class Lambda final : public Described<Module, LambdaOptions> {
 public:
  using Described::Described;
  std::string show() const override { return name() + "(function)"; }
  bool is_watched() const override { return true; }

 protected:
  Flow flow(const Flow& input) override { return {option().function(input.tensors), input.named}; }
};

LUMIR_MODULE(Lambda, {.summary = "A function of tensors as a layer, within a Sequential or by itself. A network that "
                                 "has one cannot be saved as a model file: no file holds code.",
                      .returns = "what the function answers",
                      .example = "nn.Lambda(function(x) return x:relu():pow(2) end)(torch.randn(8, 64))",
                      .source = "Lumir's own; keras.layers.Lambda"});

}  // namespace
}  // namespace lumir::nn
