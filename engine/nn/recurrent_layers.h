// Layers of a recurrent network above each other, by LibTorch's operators or by kernels of our own.

#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "nn/recurrent_kernels.h"

namespace lumir::nn {

/// A batch of sequences.
struct Sequences {
  at::Tensor data;         // [batch, time, features], [time, batch, features], or all true frames one after the other
  at::Tensor batch_sizes;  // of the last kind, as LibTorch packs them; undefined otherwise
  bool packed() const { return batch_sizes.defined(); }
};

/// How layers stand above each other.
struct Stack {
  int64_t layers = 1;
  bool bias = true;
  double dropout = 0;  // between layers, while training
  bool training = false;
  bool bidirectional = false;
  bool batch_first = false;
  int64_t directions() const { return bidirectional ? 2 : 1; }
};

/// What one run over a batch gives.
struct RecurrentRun {
  at::Tensor output;               // as the data of the sequences
  std::vector<at::Tensor> states;  // each [layers * directions, batch, hidden_size]
};

/// LibTorch's operator for a cell. Weights are in the order of its modules' parameters.
using RecurrentOperator = RecurrentRun (*)(const Sequences& heard, const std::vector<at::Tensor>& states,
                                           const std::vector<at::Tensor>& weights, const Stack& stack);

struct CellKind {
  Cell cell;
  size_t states;  // an LSTM's are two
  RecurrentOperator by_operator;
};

/// By kernels where they can: on the CPU, in floats or doubles, and unless they are turned off. Their values and gradients
/// are LibTorch's up to rounding, and so is what dropout draws; gradients of gradients go through LibTorch.
RecurrentRun run_layers(const CellKind& kind, const Sequences& heard, const std::vector<at::Tensor>& states,
                        const std::vector<at::Tensor>& weights, const Stack& stack);

}  // namespace lumir::nn
