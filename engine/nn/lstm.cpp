// LSTM: a recurrent layer that learns what to keep and what to forget.

#include <ATen/ops/lstm.h>

#include "nn/recurrent.h"

namespace lumir::nn {
namespace {

RecurrentRun by_operator(const Sequences& heard, const Tensors& states, const Tensors& weights, const Stack& stack) {
  const auto [output, h, c] = heard.packed()
                                  ? at::lstm(heard.data, heard.batch_sizes, states, weights, stack.bias, stack.layers,
                                             stack.dropout, stack.training, stack.bidirectional)
                                  : at::lstm(heard.data, states, weights, stack.bias, stack.layers, stack.dropout,
                                             stack.training, stack.bidirectional, stack.batch_first);
  return {output, {h, c}};
}

class LSTM final : public Described<Recurrent, RecurrentOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option(), {Cell::lstm, /*states=*/2, by_operator}); }
};

LUMIR_MODULE(LSTM, {.summary = "Hears sequences frame by frame with a memory of its own. Takes x, or x, h and c; { "
                               "lengths = ... } beside it says how much of each padded sequence is true.",
                    .returns = "[batch, time, directions * hidden_size], then h and c",
                    .example = "nn.LSTM(13, 64, { num_layers = 2, batch_first = true })(torch.randn(8, 100, 13))",
                    .source = "torch.nn.LSTM; Hochreiter and Schmidhuber (1997)"});

}  // namespace
}  // namespace lumir::nn
