// What RNN, LSTM and GRU share: weights of every layer and direction, states, padded sequences.
//
// In: x, and the states that it begins with (h; h and c for an LSTM), and by name "lengths". Out: the output of every
// frame, then the states after the last true one.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

struct RecurrentOptions {
  int input_size = 1, hidden_size = 1;
  int num_layers = 1;
  bool bias = true;
  bool batch_first = false;
  double dropout = 0;
  bool bidirectional = false;
  static Schema schema();
};

class Recurrent : public Module {
 protected:
  using Module::Module;

  /// What one run over a batch gives.
  struct Run {
    at::Tensor output;  // of every frame, or of all true frames one after the other
    Tensors states;     // each [num_layers * directions, batch, hidden_size]
  };
  /// Makes and draws the weights: `gates` rows of hidden_size numbers each.
  void make(const RecurrentOptions& how, int64_t gates, size_t states);
  Flow flow(const Flow& input) override;

  /// Over [batch, time, features] or [time, batch, features], as batch_first says.
  virtual Run run(const at::Tensor& x, const Tensors& states) = 0;
  /// Over packed sequences: LibTorch's data and batch_sizes.
  virtual Run run_packed(const at::Tensor& data, const at::Tensor& batch_sizes, const Tensors& states) = 0;

  const std::vector<at::Tensor>& weights() const { return weights_; }
  const RecurrentOptions& how() const { return how_; }

 private:
  void add_weight(const std::string& name, at::IntArrayRef shape, double bound);
  Tensors states_at_first(const Tensors& inputs, const at::Tensor& x) const;
  Run run_padded(const at::Tensor& x, const Tensors& states, const at::Tensor& lengths);

  RecurrentOptions how_;
  size_t states_ = 1;
  std::vector<at::Tensor> weights_;
};

}  // namespace lumir::nn
