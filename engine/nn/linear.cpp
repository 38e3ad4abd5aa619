// Linear: every number that comes out is a weighted sum of all that come in.

#include "nn/folded.h"
#include "nn/init.h"
#include "nn/module.h"
#include "nn/product.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct LinearOptions {
  int in_features = 1;
  int out_features = 1;
  bool bias = true;
  static Schema schema() {
    return {Option{"in_features", &LinearOptions::in_features, "numbers that come in", Range{1}, kArgument},
            Option{"out_features", &LinearOptions::out_features, "numbers that come out", Range{1}, kArgument},
            Option{"bias", &LinearOptions::bias, "adds a learnt number to each that comes out"}};
  }
};

class Linear final : public Described<Layer, LinearOptions>, public Multiplies {
 public:
  using Described::Described;
  const at::Tensor& weight() const override { return weight_; }
  const at::Tensor& bias() const override { return bias_; }
  at::Tensor multiplied(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) const override {
    if (x.dim() == 0 || x.size(-1) != option().in_features) {
      throw ArgumentError(show() + ": takes [..., " + std::to_string(option().in_features) + "], got " +
                          tensor::show_shape(x.sizes()));
    }
    return product(x, weight, bias);
  }

 protected:
  void build() override {
    const std::vector<int64_t> shape{option().out_features, option().in_features};
    add_parameter("weight", weight_, draw_weight(shape));
    if (option().bias) add_parameter("bias", bias_, draw_bias(option().out_features, shape));
  }
  at::Tensor forward(const at::Tensor& x) override { return multiplied(x, weight_, bias_); }

 private:
  at::Tensor weight_, bias_;
};

LUMIR_MODULE(Linear, {.summary = "A weighted sum of all that comes in for each number that comes out: x W' + b.",
                      .returns = "[..., out_features]",
                      .example = "nn.Linear(512, 20)(torch.randn(8, 512))",
                      .source = "torch.nn.Linear"});

}  // namespace
}  // namespace lumir::nn
