// GRU: a recurrent layer with two gates.

#include <ATen/ops/gru.h>

#include "nn/recurrent.h"

namespace lumir::nn {
namespace {

class GRU final : public Described<Recurrent, RecurrentOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option(), /*gates=*/3, /*states=*/1); }
  Run run(const at::Tensor& x, const Tensors& states) override {
    const auto [output, h] = at::gru(x, states[0], weights(), option().bias, option().num_layers, option().dropout,
                                     training(), option().bidirectional, option().batch_first);
    return {output, {h}};
  }
  Run run_packed(const at::Tensor& data, const at::Tensor& batch_sizes, const Tensors& states) override {
    const auto [output, h] = at::gru(data, batch_sizes, states[0], weights(), option().bias, option().num_layers,
                                     option().dropout, training(), option().bidirectional);
    return {output, {h}};
  }
};

LUMIR_MODULE(GRU, {.summary = "Hears sequences frame by frame with gates for its state. Takes x, or x and h; { lengths "
                              "= ... } beside it says how much of each padded sequence is true.",
                   .returns = "[batch, time, directions * hidden_size], then h",
                   .example = "nn.GRU(13, 64, { batch_first = true })(torch.randn(8, 100, 13))",
                   .source = "torch.nn.GRU; Cho et al. (2014)"});

}  // namespace
}  // namespace lumir::nn
