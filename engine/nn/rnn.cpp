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

class RNN final : public Described<Recurrent, RnnOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option(), /*gates=*/1, /*states=*/1); }
  Run run(const at::Tensor& x, const Tensors& states) override {
    return run_by([&](auto rnn) {
      return rnn(x, states[0], weights(), option().bias, option().num_layers, option().dropout, training(),
                 option().bidirectional, option().batch_first);
    });
  }
  Run run_packed(const at::Tensor& data, const at::Tensor& batch_sizes, const Tensors& states) override {
    return run_by([&](auto rnn) {
      return rnn(data, batch_sizes, states[0], weights(), option().bias, option().num_layers, option().dropout,
                 training(), option().bidirectional);
    });
  }

 private:
  /// `call` takes LibTorch's function for the nonlinearity.
  template <class Call>
  Run run_by(Call call) {
    const auto tanh = [](auto&&... arguments) { return at::rnn_tanh(arguments...); };
    const auto relu = [](auto&&... arguments) { return at::rnn_relu(arguments...); };
    const auto [output, h] = option().nonlinearity == "tanh" ? call(tanh) : call(relu);
    return {output, {h}};
  }
};

LUMIR_MODULE(RNN, {.summary = "Hears sequences frame by frame: tanh(W x + U h). Takes x, or x and h; { lengths = ... } "
                              "beside it says how much of each padded sequence is true.",
                   .returns = "[batch, time, directions * hidden_size], then h",
                   .example = "nn.RNN(13, 32, { batch_first = true })(torch.randn(8, 100, 13))",
                   .source = "torch.nn.RNN; Elman (1990)"});

}  // namespace
}  // namespace lumir::nn
