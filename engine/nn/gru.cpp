// GRU: a recurrent layer with two gates.

#include <ATen/ops/gru.h>

#include "nn/recurrent.h"

namespace lumir::nn {
namespace {

RecurrentRun by_operator(const Sequences& heard, const Tensors& states, const Tensors& weights, const Stack& stack) {
  const auto [output, h] = heard.packed()
                               ? at::gru(heard.data, heard.batch_sizes, states[0], weights, stack.bias, stack.layers,
                                         stack.dropout, stack.training, stack.bidirectional)
                               : at::gru(heard.data, states[0], weights, stack.bias, stack.layers, stack.dropout,
                                         stack.training, stack.bidirectional, stack.batch_first);
  return {output, {h}};
}

class GRU final : public Described<Recurrent, RecurrentOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option(), {Cell::gru, /*states=*/1, by_operator}); }
};

LUMIR_MODULE(GRU, {.summary = "Hears sequences frame by frame with gates for its state. Takes x, or x and h; { lengths "
                              "= ... } beside it says how much of each padded sequence is true.",
                   .returns = "[batch, time, directions * hidden_size], then h",
                   .example = "nn.GRU(13, 64, { batch_first = true })(torch.randn(8, 100, 13))",
                   .source = "torch.nn.GRU; Cho et al. (2014)"});

}  // namespace
}  // namespace lumir::nn
