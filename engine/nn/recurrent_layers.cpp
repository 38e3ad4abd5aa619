// A layer as one node of LibTorch's graph.
//
// Sequences are dealt to pieces of four or more (a tile of their products), at most sixteen pieces, whatever the number of
// threads is; each piece goes through all frames by itself (recurrent_kernels.h), in threads of our own. Gradients of the
// weights are summed for each piece and then over pieces in order.

#include "nn/recurrent_layers.h"

#include <ATen/autocast_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "core/denormals.h"
#include "core/parallel.h"
#include "signal/kernel.h"
#include "tensor/differentiable.h"
#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

using Tensors = std::vector<at::Tensor>;

template <class T>
struct Kernels;
template <>
struct Kernels<float> {
  static constexpr auto pack = pack_floats;
  static constexpr auto run = run_floats;
  static constexpr auto back = run_floats_back;
};
template <>
struct Kernels<double> {
  static constexpr auto pack = pack_doubles;
  static constexpr auto run = run_doubles;
  static constexpr auto back = run_doubles_back;
};

/// Where the frames of a batch lie, on memory of its own.
class FrameTable {
 public:
  FrameTable(const Sequences& heard, bool batch_first) {
    const at::Tensor& data = heard.data;
    if (heard.packed()) {
      int64_t row = 0;
      const auto* sizes = heard.batch_sizes.const_data_ptr<int64_t>();
      for (int64_t t = 0; t < heard.batch_sizes.numel(); ++t) add(std::exchange(row, row + sizes[t]), sizes[t]);
    } else {
      const int64_t sequences = data.size(batch_first ? 0 : 1), frames = data.size(batch_first ? 1 : 0);
      for (int64_t t = 0; t < frames; ++t) add(batch_first ? t : t * sequences, sequences);
      if (batch_first) step_ = frames;
    }
  }
  Frames frames() const { return {static_cast<int64_t>(starts_.size()), starts_.data(), batch_.data(), step_}; }
  int64_t sequences() const { return batch_.empty() ? 0 : batch_[0]; }

 private:
  void add(int64_t start, int64_t sequences) {
    starts_.push_back(start);
    batch_.push_back(sequences);
  }
  std::vector<int64_t> starts_, batch_;
  int64_t step_ = 1;
};

/// Pieces of sequences, in order.
std::vector<Piece> pieces_of(int64_t sequences) {
  constexpr int64_t kSmallest = 4, kMost = 16;
  const int64_t shared = (sequences + kMost - 1) / kMost;
  const int64_t size = std::max<int64_t>(1, (shared + kSmallest - 1) / kSmallest) * kSmallest;
  std::vector<Piece> pieces;
  for (int64_t first = 0; first < sequences; first += size)
    pieces.push_back({first, std::min(first + size, sequences)});
  return pieces;
}

/// What a layer takes: x, the states [directions, batch, hidden], and the weights of each direction.
struct LayerInputs {
  at::Tensor x, h, c;
  std::vector<Tensors> weights;
};

class FusedLayer final : public tensor::Differentiable {
 public:
  FusedLayer(const CellKind& kind, const Stack& stack, at::Tensor batch_sizes, std::shared_ptr<const FrameTable> table)
      : kind_(kind), stack_(stack), batch_sizes_(std::move(batch_sizes)), table_(std::move(table)) {
    stack_.layers = 1;
    stack_.dropout = 0;
  }

  Made forward(const Tensors& inputs, bool way_back) override {
    return is_float(inputs) ? forward_of<float>(inputs, way_back) : forward_of<double>(inputs, way_back);
  }
  Tensors backward(const Known& known, const Tensors& gradients) override {
    return is_float(known.inputs) ? backward_of<float>(known, gradients) : backward_of<double>(known, gradients);
  }
  Tensors by_operators(const Tensors& inputs) override {
    const auto weights = inputs.begin() + 1 + static_cast<ptrdiff_t>(kind_.states);
    RecurrentRun run =
        kind_.by_operator({inputs[0], batch_sizes_}, {inputs.begin() + 1, weights}, {weights, inputs.end()}, stack_);
    Tensors outputs{run.output};
    outputs.insert(outputs.end(), run.states.begin(), run.states.end());
    return outputs;
  }

 private:
  static bool is_float(const Tensors& inputs) { return inputs[0].scalar_type() == at::kFloat; }
  int64_t directions() const { return stack_.directions(); }
  bool has_cell() const { return kind_.states == 2; }

  LayerInputs read(const Tensors& inputs) const {
    LayerInputs read{inputs[0].contiguous(), inputs[1].contiguous(), {}, {}};
    auto next = inputs.begin() + 2;
    if (has_cell()) read.c = (next++)->contiguous();
    for (int64_t d = 0; d < directions(); ++d) {
      auto& weights = read.weights.emplace_back();
      for (int i = 0; i < (stack_.bias ? 4 : 2); ++i) weights.push_back((next++)->contiguous());
    }
    return read;
  }

  /// What kernels see of a direction, but for what comes out.
  template <class T>
  Direction<T> direction(const LayerInputs& inputs, int64_t d) const {
    const Tensors& weights = inputs.weights[static_cast<size_t>(d)];
    Direction<T> layer;
    layer.cell = kind_.cell;
    layer.inputs = inputs.x.size(-1);
    layer.hidden = inputs.h.size(-1);
    layer.reverse = d == 1;
    layer.frames = table_->frames();
    layer.weight_ih = weights[0].template const_data_ptr<T>();
    layer.weight_hh = weights[1].template const_data_ptr<T>();
    if (stack_.bias) layer.bias_ih = weights[2].template const_data_ptr<T>();
    if (stack_.bias) layer.bias_hh = weights[3].template const_data_ptr<T>();
    layer.x = inputs.x.template const_data_ptr<T>();
    layer.h_first = inputs.h[d].template const_data_ptr<T>();
    if (has_cell()) layer.c_first = inputs.c[d].template const_data_ptr<T>();
    layer.y_step = directions() * layer.hidden;
    return layer;
  }

  /// The weights of a direction in the order in which kernels read them on one way.
  template <class T>
  at::Tensor packed(Direction<T>& layer, bool back, const at::TensorOptions& options) const {
    at::Tensor weights = at::empty({layer.packed_size(back)}, options);
    signal::best(Kernels<T>::pack)(layer, weights.data_ptr<T>(), back);
    layer.packed = weights.const_data_ptr<T>();
    return weights;
  }

  /// Calls work(direction, piece) for all of them, in threads.
  template <class Work>
  void in_pieces(const Work& work) const {
    const auto pieces = pieces_of(table_->sequences());
    parallel_for(pieces.size() * static_cast<size_t>(directions()), [&](size_t i) {
      const FlushDenormals flush;
      work(i / pieces.size(), i % pieces.size(), pieces[i % pieces.size()]);
    });
  }

  template <class T>
  Made forward_of(const Tensors& given, bool way_back) const {
    const LayerInputs inputs = read(given);
    const auto options = inputs.x.options();
    std::vector<int64_t> shape = inputs.x.sizes().vec();
    shape.back() = directions() * inputs.h.size(-1);
    Made made{{at::empty(shape, options)}, {}};
    for (size_t i = 0; i < kind_.states; ++i) made.outputs.push_back(at::empty(inputs.h.sizes(), options));
    if (way_back) {
      const int64_t rows = inputs.x.numel() / inputs.x.size(-1), width = Direction<T>::padded(inputs.h.size(-1));
      made.kept = {at::empty({directions(), rows, sizes_of(kind_.cell).kept * width}, options)};
    }
    std::vector<Direction<T>> layers;
    Tensors weights;
    for (int64_t d = 0; d < directions(); ++d) {
      Direction<T>& layer = layers.emplace_back(direction<T>(inputs, d));
      layer.y = made.outputs[0].data_ptr<T>() + d * layer.hidden;
      layer.h_last = made.outputs[1][d].template data_ptr<T>();
      if (has_cell()) layer.c_last = made.outputs[2][d].template data_ptr<T>();
      if (way_back) layer.kept = made.kept[0][d].template data_ptr<T>();
      weights.push_back(packed(layer, /*back=*/false, options));
    }
    in_pieces([&](size_t d, size_t, const Piece& piece) { signal::best(Kernels<T>::run)(layers[d], piece); });
    return made;
  }

  template <class T>
  Tensors backward_of(const Known& known, const Tensors& gradients) const {
    const LayerInputs inputs = read(known.inputs);
    const auto options = inputs.x.options();
    Tensors by, states;  // contiguous derivatives; room for those by states
    for (const auto& gradient : gradients) by.push_back(gradient.contiguous());
    for (size_t i = 0; i < kind_.states; ++i) states.push_back(at::empty(inputs.h.sizes(), options));
    std::vector<int64_t> shape = inputs.x.sizes().vec();
    shape.insert(shape.begin(), directions());
    const at::Tensor x = known.wanted[0] ? at::empty(shape, options) : at::Tensor();

    std::vector<Direction<T>> layers;
    std::vector<Derivatives<T>> derivatives;
    Tensors weights;
    for (int64_t d = 0; d < directions(); ++d) {
      Direction<T>& layer = layers.emplace_back(direction<T>(inputs, d));
      layer.y = known.outputs[0].data_ptr<T>() + d * layer.hidden;
      layer.kept = known.kept[0][d].template data_ptr<T>();
      weights.push_back(packed(layer, /*back=*/true, options));
      derivatives.push_back(derivatives_of<T>(by, states, x, d));
    }
    const at::Tensor sums = summed(layers, derivatives, options);

    Tensors found{at::Tensor()};
    if (x.defined()) found[0] = directions() == 2 ? x.sum(0) : x[0];
    found.insert(found.end(), states.begin(), states.end());
    for (int64_t d = 0; d < directions(); ++d) {
      for (auto& gradient : weight_gradients(layers[0], sums[d])) found.push_back(std::move(gradient));
    }
    return found;
  }

  /// Where kernels find the derivatives of a direction by what came out, and put those by what went in.
  template <class T>
  Derivatives<T> derivatives_of(const Tensors& by, const Tensors& states, const at::Tensor& x, int64_t d) const {
    Derivatives<T> of;
    of.y = by[0].template const_data_ptr<T>() + d * states[0].size(-1);
    of.h_last = by[1][d].template const_data_ptr<T>();
    of.h_first = states[0][d].template data_ptr<T>();
    if (has_cell()) of.c_last = by[2][d].template const_data_ptr<T>();
    if (has_cell()) of.c_first = states[1][d].template data_ptr<T>();
    if (x.defined()) of.x = x[d].template data_ptr<T>();
    return of;
  }

  /// Runs the kernels of the way back; their sums of each direction's weights: [directions, blocks * width, heard].
  template <class T>
  at::Tensor summed(const std::vector<Direction<T>>& layers, const std::vector<Derivatives<T>>& derivatives,
                    const at::TensorOptions& options) const {
    const auto pieces = static_cast<int64_t>(pieces_of(table_->sequences()).size());
    const int64_t rows = sizes_of(kind_.cell).gradients * layers[0].width();
    const at::Tensor sums = at::zeros({directions(), pieces, rows, layers[0].heard()}, options);
    in_pieces([&](size_t d, size_t number, const Piece& piece) {
      Derivatives<T> of = derivatives[d];
      of.weights = sums[static_cast<int64_t>(d)][static_cast<int64_t>(number)].template data_ptr<T>();
      signal::best(Kernels<T>::back)(layers[d], of, piece);
    });
    return sums.sum(1);
  }

  /// The gradients of a direction's weights, out of the sums that kernels made: [gradient blocks * width, heard].
  template <class T>
  Tensors weight_gradients(const Direction<T>& layer, const at::Tensor& sums) const {
    const CellSizes sizes = sizes_of(kind_.cell);
    const at::Tensor blocks = sums.view({sizes.gradients, layer.width(), layer.heard()}).narrow(1, 0, layer.hidden);
    const at::Tensor by_h = blocks.narrow(0, 0, sizes.gates);
    at::Tensor by_x = by_h;
    if (sizes.gradients > sizes.gates) {  // the last gate has two sums, one by h and one by x
      by_x = at::cat({blocks.narrow(0, 0, sizes.gates - 1), blocks.narrow(0, sizes.gates, 1)});
    }
    const int64_t rows = sizes.gates * layer.hidden, h = Direction<T>::padded(layer.inputs + 1);
    Tensors found{by_x.narrow(2, 0, layer.inputs).reshape({rows, layer.inputs}),
                  by_h.narrow(2, h, layer.hidden).reshape({rows, layer.hidden})};
    if (!stack_.bias) return found;
    found.push_back(by_x.select(2, layer.inputs).reshape({rows}));
    found.push_back(by_h.select(2, layer.inputs).reshape({rows}));
    return found;
  }

  const CellKind kind_;
  Stack stack_;
  const at::Tensor batch_sizes_;
  const std::shared_ptr<const FrameTable> table_;
};

bool can_run(const Sequences& heard, const Tensors& states, const Tensors& weights) {
  const at::Tensor& data = heard.data;
  const auto type = data.scalar_type();
  const auto fits = [&](const at::Tensor& other) {
    return other.device() == data.device() && other.scalar_type() == type;
  };
  return tensor::fused_kernels() && !tensor::records_operators() && data.is_cpu() &&
         (type == at::kFloat || type == at::kDouble) && data.numel() > 0 &&
         std::all_of(states.begin(), states.end(), fits) && std::all_of(weights.begin(), weights.end(), fits) &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

/// Zeros as LibTorch draws them between layers: in the order of time.
at::Tensor dropped(const at::Tensor& x, double share, bool batch_first) {
  if (share == 1) return x * at::zeros_like(x);
  const bool turned = batch_first && x.dim() == 3;
  std::vector<int64_t> shape = x.sizes().vec();
  if (turned) std::swap(shape[0], shape[1]);
  const at::Tensor noise = at::empty(shape, x.options()).bernoulli_(1 - share).div_(1 - share);
  return x * (turned ? noise.transpose(0, 1) : noise);
}

}  // namespace

RecurrentRun run_layers(const CellKind& kind, const Sequences& heard, const Tensors& states, const Tensors& weights,
                        const Stack& stack) {
  if (!can_run(heard, states, weights)) return kind.by_operator(heard, states, weights, stack);
  const auto table = std::make_shared<const FrameTable>(heard, stack.batch_first);
  const auto layer = std::make_shared<FusedLayer>(kind, stack, heard.batch_sizes, table);
  const auto step = static_cast<ptrdiff_t>(weights.size()) / stack.layers;
  std::vector<Tensors> last(kind.states);
  at::Tensor x = heard.data;
  for (int64_t i = 0; i < stack.layers; ++i) {
    Tensors inputs{x};
    for (const auto& state : states) inputs.push_back(state.narrow(0, i * stack.directions(), stack.directions()));
    inputs.insert(inputs.end(), weights.begin() + i * step, weights.begin() + (i + 1) * step);
    const Tensors outputs = tensor::apply(layer, inputs);
    for (size_t s = 0; s < kind.states; ++s) last[s].push_back(outputs[s + 1]);
    x = outputs[0];
    const bool drops = stack.training && stack.dropout > 0 && i + 1 < stack.layers;
    if (drops) x = dropped(x, stack.dropout, stack.batch_first && !heard.packed());
  }
  RecurrentRun run{x, {}};
  for (const auto& of_layers : last) run.states.push_back(of_layers.size() == 1 ? of_layers[0] : at::cat(of_layers));
  return run;
}

}  // namespace lumir::nn
