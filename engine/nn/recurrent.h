// What RNN, LSTM and GRU share: weights of every layer and direction, states, padded sequences.
//
// In: x, and the states that it begins with (h; h and c for an LSTM), and by name "lengths". Out: the output of every
// frame, then the states after the last true one.

#pragma once

#include "nn/module.h"
#include "nn/recurrent_layers.h"

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

  /// Makes and draws the weights: for each gate of the cell hidden_size rows.
  void make(const RecurrentOptions& how, const CellKind& kind);
  Flow flow(const Flow& input) override;

 private:
  void add_weight(const std::string& name, at::IntArrayRef shape, double bound);
  Tensors states_at_first(const Tensors& inputs, const at::Tensor& x) const;
  RecurrentRun run(const Sequences& heard, const Tensors& states) const;
  RecurrentRun run_padded(const at::Tensor& x, const Tensors& states, const at::Tensor& lengths) const;

  RecurrentOptions how_;
  CellKind kind_{};
  std::vector<at::Tensor> weights_;
};

}  // namespace lumir::nn
