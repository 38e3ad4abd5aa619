// PowerPool: between the mean and the largest number of every channel, by a power that is learnt.

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/pow.h>

#include "nn/global_pool.h"

namespace lumir::nn {
namespace {

struct PowerPoolOptions {
  double p = 3;
  double eps = 1e-6;
  static Schema schema() {
    return {
        Option{"p", &PowerPoolOptions::p, "the power at first: 1 is the mean, much is the maximum", kPositive, kPlace},
        Option{"eps", &PowerPoolOptions::eps, "smaller numbers count as this one", kPositive}};
  }
};

class PowerPool final : public Described<Layer, PowerPoolOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { add_parameter("p", p_, at::full({1}, option().p, at::kFloat)); }
  at::Tensor forward(const at::Tensor& x) override { return forward_timed(x, {}); }
  at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& lengths) override {
    const at::Tensor powers = at::pow(x.clamp_min(option().eps), p_);
    return at::pow(mean_of_channels(powers, usable_lengths(lengths, x, name())), p_.reciprocal());
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  at::Tensor p_;
};

LUMIR_MODULE(PowerPool, {.summary = "The power mean of every channel over all positions, (mean of x^p)^(1/p), whose p "
                                    "is learnt; padding beyond true lengths is left out.",
                         .returns = "[batch, channels]",
                         .example = "nn.PowerPool()(torch.rand(8, 64, 100))",
                         .source = "GeM: Radenovic et al., Fine-tuning CNN Image Retrieval (2018)"});

}  // namespace
}  // namespace lumir::nn
