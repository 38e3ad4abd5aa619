// RNN, LSTM and GRU as ONNX operators, one node for each layer.
//
// ONNX has the gates of an LSTM in the order i o f c where LibTorch has i f c o, and those of a GRU as z r h where
// LibTorch has r z n; LibTorch's GRU resets behind its matrix (linear_before_reset).

#include <algorithm>

#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "nn/onnx_call.h"

namespace lumir::nn {
namespace {

using Op = std::string;
using Ops = std::vector<Op>;

struct Cell {
  const char* op;
  std::vector<int64_t> gates;  // LibTorch's places in ONNX's order
  bool two_states;
};

/// The rows of each gate in ONNX's order.
at::Tensor reordered(const at::Tensor& rows, const Cell& cell) {
  const auto parts = rows.chunk(static_cast<int64_t>(cell.gates.size()));
  Tensors sorted;
  for (const int64_t gate : cell.gates) sorted.push_back(parts[static_cast<size_t>(gate)]);
  return at::cat(sorted);
}

/// What layers of one call share.
struct Layers {
  OnnxCall& call;
  const Cell& cell;
  Tensors weights;
  int64_t count, directions;
  bool biased;

  /// W, R and B of a layer, both directions.
  Ops of(int64_t layer) const {
    const int64_t each = biased ? 4 : 2;
    Tensors from_below, from_before, biases;
    for (int64_t i = 0; i < directions; ++i) {
      const auto* own = &weights[static_cast<size_t>((layer * directions + i) * each)];
      from_below.push_back(reordered(own[0], cell));
      from_before.push_back(reordered(own[1], cell));
      if (biased) biases.push_back(at::cat({reordered(own[2], cell), reordered(own[3], cell)}));
    }
    return {call.keep(at::stack(from_below)), call.keep(at::stack(from_before)),
            biased ? call.keep(at::stack(biases)) : ""};
  }
};

/// A state that layers begin with, of one of them; "" for zeros, which ONNX takes by itself.
Op beginning(const OnnxCall& call, const std::string& name, size_t place, int64_t layer, const Layers& layers) {
  if (call.made_by(name, place, "aten::zeros")) return "";
  const Op all = call.values(name).at(place);
  if (layers.count == 1) return all;
  return call.slice(all, 0, layer * layers.directions, (layer + 1) * layers.directions);
}

Ops run(OnnxCall& call, const Cell& cell, model::OnnxAttributes how) {
  if (call.flag("train") && call.number("dropout") != 0) call.refuse("draws, which ONNX has not");
  if (!call.has("input") || call.has("batch_sizes")) call.refuse("of packed sequences ('lengths') has no form in ONNX");
  const int64_t directions = call.flag("bidirectional") ? 2 : 1;
  const Layers layers{
      call, cell, call.constants("params"), call.whole("num_layers"), directions, call.flag("has_biases")};
  const at::Tensor& before = layers.weights[1];  // [gates * hidden, hidden]
  how["hidden_size"] = before.size(1);
  if (directions == 2) how["direction"] = std::string("bidirectional");
  const bool batch_first = call.flag("batch_first");
  Op x = batch_first ? call.transpose(call.value("input"), {1, 0, 2}) : call.value("input");
  std::vector<Ops> states(cell.two_states ? 2 : 1);
  for (int64_t layer = 0; layer < layers.count; ++layer) {
    Ops inputs{x};
    for (const auto& weight : layers.of(layer)) inputs.push_back(weight);
    inputs.emplace_back();  // lengths
    for (size_t s = 0; s < states.size(); ++s) inputs.push_back(beginning(call, "hx", s, layer, layers));
    while (inputs.back().empty()) inputs.pop_back();
    const auto outputs = call.graph().add(cell.op, states.size() + 1, inputs, how);
    for (size_t s = 0; s < states.size(); ++s) states[s].push_back(outputs[s + 1]);
    const Op rows = call.transpose(outputs[0], {0, 2, 1, 3});  // [time, directions, batch, hidden] as it comes
    x = call.add("Reshape", {rows, call.list({0, 0, directions * before.size(1)})});
  }
  Ops all{batch_first ? call.transpose(x, {1, 0, 2}) : x};
  for (const auto& each : states) all.push_back(each.size() == 1 ? each[0] : call.add("Concat", each, {{"axis", 0}}));
  return all;
}

const Cell kLstm{"LSTM", {0, 3, 1, 2}, true}, kGru{"GRU", {1, 0, 2}, false}, kRnn{"RNN", {0}, false};

const OnnxOperator lstm({"aten::lstm"}, [](OnnxCall& call) { return run(call, kLstm, {}); });
const OnnxOperator gru({"aten::gru"}, [](OnnxCall& call) { return run(call, kGru, {{"linear_before_reset", 1}}); });
Ops plain(OnnxCall& call, const std::string& bend) {
  const size_t directions = call.flag("bidirectional") ? 2 : 1;
  return run(call, kRnn, {{"activations", std::vector<std::string>(directions, bend)}});
}
const OnnxOperator rnn_tanh({"aten::rnn_tanh"}, [](OnnxCall& call) { return plain(call, "Tanh"); });
const OnnxOperator rnn_relu({"aten::rnn_relu"}, [](OnnxCall& call) { return plain(call, "Relu"); });

}  // namespace
}  // namespace lumir::nn
