// LazyLinear: a Linear that counts the numbers of the first input.

#include <ATen/ops/linear.h>

#include "nn/init.h"
#include "nn/module.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct LazyLinearOptions {
  int out_features = 1;
  bool bias = true;
  static Schema schema() {
    return {Option{"out_features", &LazyLinearOptions::out_features, "numbers that come out", Range{1}, kArgument},
            Option{"bias", &LazyLinearOptions::bias, "adds a learnt number to each that comes out"}};
  }
};

class LazyLinear final : public Described<Layer, LazyLinearOptions> {
 public:
  using Described::Described;
  Map options() const override {
    Map all = Described::options();
    if (weight_.defined()) all["in_features"] = static_cast<long>(weight_.size(1));
    return all;
  }

 protected:
  void build() override {
    add_parameter("weight", weight_, {});
    if (option().bias) add_parameter("bias", bias_, {});
  }
  at::Tensor forward(const at::Tensor& x) override {
    if (!weight_.defined()) {
      if (x.dim() == 0 || !x.is_floating_point()) refuse_first(x);
      settle(x.size(-1));
      catch_up(x);
    }
    return at::linear(x, weight_, bias_);
  }
  void expect(const State& own) override {
    const auto weight = own.find("weight");
    if (weight_.defined() || weight == own.end() || weight->second.shape().size() != 2) return;
    settle(weight->second.shape()[1]);
    catch_up({});
  }

 private:
  [[noreturn]] void refuse_first(const at::Tensor& x) const {
    throw ArgumentError(show() + ": takes fractions of [..., features], got " + tensor::show_shape(x.sizes()) + " of " +
                        tensor::dtype_name(x.scalar_type()));
  }
  void settle(int64_t in_features) {
    const std::vector<int64_t> shape{option().out_features, in_features};
    weight_ = draw_weight(shape).requires_grad_(true);
    if (option().bias) bias_ = draw_bias(option().out_features, shape).requires_grad_(true);
    become("nn.Linear");
  }

  at::Tensor weight_, bias_;
};

LUMIR_MODULE(LazyLinear, {.summary = "Linear that takes the size of the first input that it sees, and is a Linear from "
                                     "then on.",
                          .returns = "[..., out_features]",
                          .example = "nn.LazyLinear(20)(torch.randn(8, 512))",
                          .source = "torch.nn.LazyLinear"});

}  // namespace
}  // namespace lumir::nn
