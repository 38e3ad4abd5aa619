// LSTM: a recurrent layer that learns what to keep and what to forget.

#include <ATen/ops/lstm.h>

#include "nn/recurrent.h"

namespace lumir::nn {
namespace {

class LSTM final : public Described<Recurrent, RecurrentOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option(), /*gates=*/4, /*states=*/2); }
  Run run(const at::Tensor& x, const Tensors& states) override {
    const auto [output, h, c] = at::lstm(x, states, weights(), option().bias, option().num_layers, option().dropout,
                                         training(), option().bidirectional, option().batch_first);
    return {output, {h, c}};
  }
  Run run_packed(const at::Tensor& data, const at::Tensor& batch_sizes, const Tensors& states) override {
    const auto [output, h, c] = at::lstm(data, batch_sizes, states, weights(), option().bias, option().num_layers,
                                         option().dropout, training(), option().bidirectional);
    return {output, {h, c}};
  }
};

LUMIR_MODULE(LSTM, {.summary = "Hears sequences frame by frame with a memory of its own. Takes x, or x, h and c; { "
                               "lengths = ... } beside it says how much of each padded sequence is true.",
                    .returns = "[batch, time, directions * hidden_size], then h and c",
                    .example = "nn.LSTM(13, 64, { num_layers = 2, batch_first = true })(torch.randn(8, 100, 13))",
                    .source = "torch.nn.LSTM; Hochreiter and Schmidhuber (1997)"});

}  // namespace
}  // namespace lumir::nn
