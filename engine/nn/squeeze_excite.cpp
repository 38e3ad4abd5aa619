// SqueezeExcite: what all positions of all channels say together opens and closes each channel.

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>

#include "nn/global_pool.h"

namespace lumir::nn {
namespace {

struct SqueezeOptions {
  int channels = 1;
  int reduction = 16;
  static Schema schema() {
    return {Option{"channels", &SqueezeOptions::channels, "that come in", Range{1}, kArgument},
            Option{"reduction", &SqueezeOptions::reduction, "how many channels become one between the two layers",
                   Range{1}}};
  }
};

class SqueezeExcite final : public Described<Layer, SqueezeOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const int channels = option().channels, few = std::max(1, channels / option().reduction);
    down_ = make_module("Linear", {{"in_features", channels}, {"out_features", few}});
    up_ = make_module("Linear", {{"in_features", few}, {"out_features", channels}});
    add_child("fc1", down_);
    add_child("fc2", up_);
  }
  at::Tensor forward(const at::Tensor& x) override { return forward_timed(x, {}); }
  at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& lengths) override {
    const at::Tensor said = mean_of_channels(x, usable_lengths(lengths, x, name()));
    at::Tensor open = at::sigmoid((*up_)(at::relu((*down_)(said))));
    while (open.dim() < x.dim()) open = open.unsqueeze(-1);
    return x * open;
  }

 private:
  ModulePtr down_, up_;
};

LUMIR_MODULE(SqueezeExcite, {.summary = "Multiplies every channel by a number between 0 and 1 that two dense layers "
                                        "make of the means of all channels.",
                             .returns = "the shape of x: [batch, channels, positions ...]",
                             .example = "nn.SqueezeExcite(64)(torch.randn(8, 64, 16, 16))",
                             .source = "Hu et al., Squeeze-and-Excitation Networks (2018)"});

}  // namespace
}  // namespace lumir::nn
