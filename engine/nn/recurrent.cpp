// Weights, states and padded sequences of recurrent layers.

#include "nn/recurrent.h"

#include <cmath>

#include <ATen/ops/_pack_padded_sequence.h>
#include <ATen/ops/_pad_packed_sequence.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/zeros.h>

#include "nn/init.h"
#include "nn/lengths.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

Tensors unsqueezed(const Tensors& tensors, int64_t dim) {
  Tensors all;
  for (const auto& tensor : tensors) all.push_back(tensor.unsqueeze(dim));
  return all;
}

Tensors rows_of(const Tensors& states, const at::Tensor& order) {
  Tensors all;
  for (const auto& state : states) all.push_back(state.index_select(1, order));
  return all;
}

}  // namespace

Schema RecurrentOptions::schema() {
  using S = RecurrentOptions;
  return {
      Option{"input_size", &S::input_size, "features of a frame", Range{1}, kArgument},
      Option{"hidden_size", &S::hidden_size, "numbers of the state", Range{1}, kArgument},
      Option{"num_layers", &S::num_layers, "layers, each hearing the one before", Range{1}},
      Option{"bias", &S::bias, "adds learnt numbers"},
      Option{"batch_first", &S::batch_first, "takes [batch, time, features]; false: [time, batch, features]"},
      Option{"dropout", &S::dropout, "how likely a number between two layers is set to zero in training", Range{0, 1}},
      Option{"bidirectional", &S::bidirectional, "hears each sequence from its end, too"}};
}

void Recurrent::add_weight(const std::string& name, at::IntArrayRef shape, double bound) {
  add_parameter(name, weights_.emplace_back(), draw_uniform(shape, bound));
}

void Recurrent::make(const RecurrentOptions& how, const CellKind& kind) {
  how_ = how;
  kind_ = kind;
  const int directions = how.bidirectional ? 2 : 1;
  const int64_t hidden = how.hidden_size, rows = sizes_of(kind.cell).gates * hidden;
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  weights_.reserve(static_cast<size_t>(4 * how.num_layers * directions));  // they must stay where slots find them
  for (int layer = 0; layer < how.num_layers; ++layer) {
    const int64_t inputs = layer == 0 ? how.input_size : hidden * directions;
    for (const char* end : {"", "_reverse"}) {
      if (*end && !how.bidirectional) continue;
      const std::string name = "_l" + std::to_string(layer) + end;
      add_weight("weight_ih" + name, {rows, inputs}, bound);
      add_weight("weight_hh" + name, {rows, hidden}, bound);
      if (!how.bias) continue;
      add_weight("bias_ih" + name, {rows}, bound);
      add_weight("bias_hh" + name, {rows}, bound);
    }
  }
}

/// Those that were given, else zeros.
Tensors Recurrent::states_at_first(const Tensors& inputs, const at::Tensor& x) const {
  const int64_t batch = x.size(how_.batch_first ? 0 : 1);
  const std::vector<int64_t> shape{how_.num_layers * (how_.bidirectional ? 2 : 1), batch, how_.hidden_size};
  if (inputs.size() == 1) return Tensors(kind_.states, at::zeros(shape, x.options()));
  const Tensors given(inputs.begin() + 1, inputs.end());
  for (const auto& state : given) {
    if (state.sizes() == at::IntArrayRef(shape)) continue;
    throw ArgumentError(name() + ": a state must be " + tensor::show_shape(shape) + ", got " +
                        tensor::show_shape(state.sizes()));
  }
  return given;
}

RecurrentRun Recurrent::run(const Sequences& heard, const Tensors& states) const {
  const Stack stack{how_.num_layers, how_.bias, how_.dropout, training(), how_.bidirectional, how_.batch_first};
  return run_layers(kind_, heard, states, weights_, stack);
}

/// LibTorch packs the longest first; the order of rows is given back.
RecurrentRun Recurrent::run_padded(const at::Tensor& x, const Tensors& states, const at::Tensor& lengths) const {
  const int64_t batch_dim = how_.batch_first ? 0 : 1, frames = x.size(1 - batch_dim);
  if (lengths.min().item<int64_t>() == frames) return run({x, {}}, states);
  const at::Tensor order = at::argsort(lengths, /*stable=*/true, 0, /*descending=*/true);
  const at::Tensor back = at::argsort(order);
  const auto [data, batch_sizes] = at::_pack_padded_sequence(x.index_select(batch_dim, order),
                                                             lengths.index_select(0, order).cpu(), how_.batch_first);
  const RecurrentRun packed = run({data, batch_sizes}, rows_of(states, order));
  const auto [output, unused] = at::_pad_packed_sequence(packed.output, batch_sizes, how_.batch_first, 0.0, frames);
  return {output.index_select(batch_dim, back), rows_of(packed.states, back)};
}

Flow Recurrent::flow(const Flow& input) {
  const size_t given = input.tensors.size();
  if (given != 1 && given != 1 + kind_.states) {
    throw ArgumentError(name() + ": takes x" + (kind_.states == 2 ? ", or x, h and c" : ", or x and h") + ", got " +
                        std::to_string(given) + " tensors");
  }
  refuse_names_but_lengths(input, name());
  const bool single = input.tensors[0].dim() == 2;
  const int64_t batch_dim = how_.batch_first ? 0 : 1;
  Tensors inputs = input.tensors;
  refuse_flat_batch(inputs[0], how_.batch_first, show());
  if (single) {  // a sequence that is no batch
    inputs = unsqueezed(inputs, 1);
    inputs[0] = input.tensors[0].unsqueeze(batch_dim);
  }
  const at::Tensor& x = inputs[0];
  if (x.dim() != 3 || x.size(2) != how_.input_size) {
    throw ArgumentError(show() + ": takes " + (how_.batch_first ? "[batch, time, " : "[time, batch, ") +
                        std::to_string(how_.input_size) + "], got " + tensor::show_shape(input.tensors[0].sizes()));
  }
  const Tensors states = states_at_first(inputs, x);
  const auto lengths = input.named.find("lengths");
  RecurrentRun result =
      lengths == input.named.end()
          ? run({x, {}}, states)
          : run_padded(x, states, checked_lengths(lengths->second, x, batch_dim, 1 - batch_dim, name()));
  if (single) {
    result.output = result.output.squeeze(batch_dim);
    for (auto& state : result.states) state = state.squeeze(1);
  }
  Flow output{{result.output}, input.named};
  output.tensors.insert(output.tensors.end(), result.states.begin(), result.states.end());
  return output;
}

}  // namespace lumir::nn
