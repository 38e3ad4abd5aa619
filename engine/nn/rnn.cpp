// RNN: the plain recurrent layer.

#include <ATen/ops/rnn_relu.h>
#include <ATen/ops/rnn_tanh.h>

#include "nn/recurrent.h"

namespace lumir::nn {
namespace {

struct RnnOptions : RecurrentOptions {
  std::string nonlinearity = "tanh";
  static Schema schema() {
    return extend(RecurrentOptions::schema(), Option{"nonlinearity", &RnnOptions::nonlinearity,
                                                     "what a frame and the state go through", Choices{"tanh", "relu"}});
  }
};

/// `rnn` is LibTorch's function for a nonlinearity.
template <class Rnn>
RecurrentRun by(Rnn rnn, const Sequences& heard, const Tensors& states, const Tensors& weights, const Stack& stack) {
  const auto [output, h] = heard.packed() ? rnn(heard.data, heard.batch_sizes, states[0], weights, stack.bias,
                                                stack.layers, stack.dropout, stack.training, stack.bidirectional)
                                          : rnn(heard.data, states[0], weights, stack.bias, stack.layers, stack.dropout,
                                                stack.training, stack.bidirectional, stack.batch_first);
  return {output, {h}};
}
RecurrentRun by_tanh(const Sequences& heard, const Tensors& states, const Tensors& weights, const Stack& stack) {
  return by([](const auto&... all) { return at::rnn_tanh(all...); }, heard, states, weights, stack);
}
RecurrentRun by_relu(const Sequences& heard, const Tensors& states, const Tensors& weights, const Stack& stack) {
  return by([](const auto&... all) { return at::rnn_relu(all...); }, heard, states, weights, stack);
}

class RNN final : public Described<Recurrent, RnnOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const bool bends = option().nonlinearity == "tanh";
    make(option(), {bends ? Cell::rnn_tanh : Cell::rnn_relu, /*states=*/1, bends ? by_tanh : by_relu});
  }
};

LUMIR_MODULE(RNN, {.summary = "Hears sequences frame by frame: tanh(W x + U h). Takes x, or x and h; { lengths = ... } "
                              "beside it says how much of each padded sequence is true.",
                   .returns = "[batch, time, directions * hidden_size], then h",
                   .example = "nn.RNN(13, 32, { batch_first = true })(torch.randn(8, 100, 13))",
                   .source = "torch.nn.RNN; Elman (1990)"});

}  // namespace
}  // namespace lumir::nn
