// AttentionPool: the mean of all frames, each weighted by how much it matters, which is learnt.

#include <ATen/TensorOperators.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sum.h>

#include "nn/attention.h"
#include "nn/lengths.h"
#include "nn/module.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct AttentionPoolOptions {
  int input_dim = 1;
  static Schema schema() {
    return {Option{"input_dim", &AttentionPoolOptions::input_dim, "numbers of a frame", Range{1}, kArgument}};
  }
};

class AttentionPool final : public Described<Layer, AttentionPoolOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    attention_ = make_module("Linear", {{"in_features", option().input_dim}, {"out_features", 1}});
    add_child("attention", attention_);
  }
  at::Tensor forward(const at::Tensor& x) override { return forward_timed(x, {}); }
  at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& lengths) override {
    if (x.dim() != 3) {
      throw ArgumentError(name() + ": takes [batch, time, " + std::to_string(option().input_dim) + "], got " +
                          tensor::show_shape(x.sizes()));
    }
    at::Tensor scores = (*attention_)(x);
    if (lengths.defined()) {
      const at::Tensor beyond = padding_mask(checked_lengths(lengths, x, 0, 1, name()), x.size(1));
      scores = scores + as_scores(beyond, scores).unsqueeze(-1);
    }
    return at::sum(x * at::softmax(scores, 1), 1);
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  ModulePtr attention_;
};

LUMIR_MODULE(AttentionPool, {.summary = "The mean of all frames, weighted by softmax(W x + b) over time; padding "
                                        "beyond true lengths is left out.",
                             .returns = "[batch, input_dim]",
                             .example = "nn.AttentionPool(64)(torch.randn(8, 100, 64))",
                             .source = "Safari et al., Self-attention Encoding and Pooling for Speaker Recognition "
                                       "(2020)"});

}  // namespace
}  // namespace lumir::nn
