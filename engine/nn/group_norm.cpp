// GroupNorm: groups of channels get mean 0 and deviation 1 within each example, so that the size of a batch is nothing.

#include <ATen/ops/group_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "nn/module.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct GroupNormOptions {
  int num_groups = 1, num_channels = 1;
  double eps = 1e-5;
  bool affine = true;
  static Schema schema() {
    using S = GroupNormOptions;
    return {Option{"num_groups", &S::num_groups, "groups, of as many channels each", Range{1}, kArgument},
            Option{"num_channels", &S::num_channels, "channels", Range{1}, kArgument},
            Option{"eps", &S::eps, "added to the variance", kNonNegative},
            Option{"affine", &S::affine, "learns a scale and a shift for each channel"}};
  }
};

class GroupNorm final : public Described<Layer, GroupNormOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const int64_t channels = option().num_channels;
    if (channels % option().num_groups != 0) {
      throw ArgumentError(name() + ": 'num_channels' = " + std::to_string(channels) +
                          " must be a multiple of 'num_groups' = " + std::to_string(option().num_groups));
    }
    if (!option().affine) return;
    add_parameter("weight", weight_, at::ones({channels}, at::kFloat));
    add_parameter("bias", bias_, at::zeros({channels}, at::kFloat));
  }
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() < 2 || x.size(1) != option().num_channels) {
      throw ArgumentError(name() + ": takes [batch, " + std::to_string(option().num_channels) +
                          ", positions ...], got " + tensor::show_shape(x.sizes()));
    }
    return at::group_norm(x, option().num_groups, weight_, bias_, option().eps);
  }

 private:
  at::Tensor weight_, bias_;
};

LUMIR_MODULE(GroupNorm, {.summary = "Gives groups of channels mean 0 and deviation 1 within each example, then a "
                                    "learnt scale and shift of each channel.",
                         .returns = "the shape of x: [batch, channels, positions ...]",
                         .example = "nn.GroupNorm(8, 64)(torch.randn(8, 64, 16, 16))",
                         .source = "torch.nn.GroupNorm; Wu and He, Group Normalization (2018)"});

}  // namespace
}  // namespace lumir::nn
