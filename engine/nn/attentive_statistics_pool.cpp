// AttentiveStatisticsPool: mean and deviation of every channel over time, each moment weighted by what is learnt.

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/tanh.h>

#include "nn/attention.h"
#include "nn/global_pool.h"
#include "nn/lengths.h"

namespace lumir::nn {
namespace {

struct StatisticsPoolOptions {
  int channels = 1;
  int attention_channels = 128;
  bool global_context = true;
  static Schema schema() {
    using S = StatisticsPoolOptions;
    return {Option{"channels", &S::channels, "that come in", Range{1}, kArgument},
            Option{"attention_channels", &S::attention_channels, "between the two layers that weigh", Range{1}},
            Option{"global_context", &S::global_context,
                   "a moment is weighed knowing the plain mean and deviation of the whole"}};
  }
};

class AttentiveStatisticsPool final : public Described<Layer, StatisticsPoolOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const int seen = (option().global_context ? 3 : 1) * option().channels;
    first_ = dense("tdnn", seen, option().attention_channels);
    second_ = dense("conv", option().attention_channels, option().channels);
  }
  at::Tensor forward(const at::Tensor& x) override { return forward_timed(x, {}); }
  at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& lengths) override {
    const at::Tensor true_lengths = usable_lengths(lengths, x, name(), 3);
    at::Tensor seen = x, hidden;
    if (true_lengths.defined()) hidden = as_scores(padding_mask(true_lengths, x.size(2)), x).unsqueeze(1);
    if (option().global_context) {
      const at::Tensor even = at::softmax(hidden.defined() ? hidden : x.narrow(1, 0, 1) * 0, 2);
      const at::Tensor context = statistics(x, even).unsqueeze(2);
      seen = at::cat({x, context.expand({-1, -1, x.size(2)})}, 1);
    }
    at::Tensor scores = (*second_)(at::tanh((*first_)(seen)));
    if (hidden.defined()) scores = scores + hidden;
    return statistics(x, at::softmax(scores, 2));
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  ModulePtr dense(const std::string& child, int in, int out) {
    const ModulePtr module = make_module("Conv1d", {{"in_channels", in}, {"out_channels", out}, {"kernel_size", 1}});
    add_child(child, module);
    return module;
  }
  /// [batch, 2 channels] of x [batch, channels, time] by weights that add up to 1.
  static at::Tensor statistics(const at::Tensor& x, const at::Tensor& weights) {
    const at::Tensor mean = at::sum(x * weights, 2, /*keepdim=*/true);
    const at::Tensor away = x - mean;
    const at::Tensor variance = at::sum(away * away * weights, 2);
    return at::cat({mean.squeeze(2), variance.clamp_min(1e-12).sqrt()}, 1);
  }

  ModulePtr first_, second_;
};

LUMIR_MODULE(AttentiveStatisticsPool,
             {.summary = "The mean of every channel over time, then its deviation, both weighted: each channel by "
                         "softmax(V tanh(W h + b) + k) over time. Padding beyond true lengths is left out.",
              .returns = "[batch, 2 channels]",
              .example = "nn.AttentiveStatisticsPool(64)(torch.randn(8, 64, 100))",
              .source = "Okabe et al., Attentive Statistics Pooling (2018); by channel and with global context: "
                        "Desplanques et al., ECAPA-TDNN (2020)"});

}  // namespace
}  // namespace lumir::nn
