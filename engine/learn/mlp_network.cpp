#include "learn/mlp_network.h"

#include <cmath>
#include <utility>

#include "core/parallel.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr size_t kRows = 50, kUnits = 25;  // of a piece, for one worker

template <class T>
T logistic(T x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

template <class T>
void activate(Activation how, std::span<T> values) {
  switch (how) {
    case Activation::relu:
      for (T& v : values) v = v > 0 ? v : 0;
      break;
    case Activation::tanh:
      for (T& v : values) v = std::tanh(v);
      break;
    case Activation::logistic:
      for (T& v : values) v = logistic(v);
      break;
    case Activation::identity: break;
  }
}

/// Slopes behind a layer become slopes before its activation; `values` are what came out of it.
template <class T>
void turn_back(Activation how, std::span<const T> values, std::span<T> slopes) {
  for (size_t i = 0; i < values.size(); ++i) {
    const T v = values[i];
    if (how == Activation::relu) slopes[i] = v > 0 ? slopes[i] : 0;
    if (how == Activation::tanh) slopes[i] *= 1 - v * v;
    if (how == Activation::logistic) slopes[i] *= v * (1 - v);
  }
}

/// What a layer makes of rows of its inputs, before the activation.
template <class T>
void sum_up(const DenseLayer<T>& layer, std::span<const T> in, std::span<T> out) {
  tensor::multiply_block<T>(in, layer.weights, layer.inputs, out);
  for (size_t at = 0; at < out.size(); at += layer.units) {
    for (size_t unit = 0; unit < layer.units; ++unit) out[at + unit] += layer.biases[unit];
  }
}

/// The rows begin .. end - 1 of a table of so many columns.
template <class V>
auto rows_of(V& table, size_t columns, size_t begin, size_t end) {
  return std::span(table).subspan(begin * columns, (end - begin) * columns);
}

}  // namespace

template <class T>
Matrix run_layers(const DenseLayers<T>& layers, Activation activation, const Matrix& x) {
  constexpr size_t kBlock = 256;
  Matrix out(x.rows, layers.back().units);
  parallel_for((x.rows + kBlock - 1) / kBlock, [&](size_t block) {
    const size_t begin = block * kBlock, end = std::min(begin + kBlock, x.rows);
    const auto rows = rows_of(x.values, x.columns, begin, end);
    std::vector<T> now(rows.begin(), rows.end());
    for (size_t at = 0; at < layers.size(); ++at) {
      std::vector<T> next((end - begin) * layers[at].units);
      sum_up<T>(layers[at], now, next);
      if (at + 1 < layers.size()) activate<T>(activation, next);
      now = std::move(next);
    }
    std::copy(now.begin(), now.end(), rows_of(out.values, out.columns, begin, end).begin());
  });
  return out;
}
template Matrix run_layers(const DenseLayers<float>&, Activation, const Matrix&);
template Matrix run_layers(const DenseLayers<double>&, Activation, const Matrix&);

template <class T>
MlpNetwork<T>::MlpNetwork(Activation activation, const PresentRows& rows, DenseLayers<T> layers)
    : activation_(activation),
      rows_(rows),
      layers_(std::move(layers)),
      inputs_(layers_.size()),
      slopes_(layers_.size()) {}

template <class T>
double MlpNetwork<T>::derive(std::span<const int> which, double alpha, DenseLayers<T>& slopes) {
  const size_t n = which.size(), pieces = (n + kRows - 1) / kRows;
  for (size_t at = 0; at < layers_.size(); ++at) {
    inputs_[at].resize(n * layers_[at].inputs);
    slopes_[at].resize(n * layers_[at].units);
  }
  std::vector<double> losses(pieces);
  double total = 0, loss = 0, squares = 0;
  for (const int row : which) total += rows_.weights[static_cast<size_t>(row)];
  parallel_for(pieces, [&](size_t piece) {
    losses[piece] = pass(which, piece * kRows, std::min((piece + 1) * kRows, n), total);
  });
  for (const double some : losses) loss += some;
  std::vector<std::pair<size_t, size_t>> units;  // layer, first
  for (size_t at = 0; at < layers_.size(); ++at) {
    for (size_t first = 0; first < layers_[at].units; first += kUnits) units.emplace_back(at, first);
  }
  std::vector<double> of_piece(units.size());
  parallel_for(units.size(), [&](size_t piece) {
    const auto [at, first] = units[piece];
    const DenseLayer<T>& layer = layers_[at];
    const size_t end = std::min(first + kUnits, layer.units);
    const auto behind = rows_of(std::as_const(slopes_[at]), n, first, end);
    const auto to = rows_of(slopes[at].weights, layer.inputs, first, end);
    tensor::multiply_block_straight<T>(behind, inputs_[at], n, to);
    const auto weights = rows_of(layer.weights, layer.inputs, first, end);
    const T pull = static_cast<T>(alpha / total);
    double sum = 0;
    for (size_t i = 0; i < to.size(); ++i) {
      to[i] += pull * weights[i];
      sum += static_cast<double>(weights[i]) * weights[i];
    }
    of_piece[piece] = sum;
    for (size_t unit = first; unit < end; ++unit) {
      double bias = 0;
      for (const T slope : behind.subspan((unit - first) * n, n)) bias += slope;
      slopes[at].biases[unit] = static_cast<T>(bias);
    }
  });
  for (const double some : of_piece) squares += some;
  return loss + alpha / 2 * squares / total;
}

template <class T>
double MlpNetwork<T>::pass(std::span<const int> which, size_t begin, size_t end, double total) {
  const size_t n = which.size(), columns = layers_.front().inputs;
  for (size_t i = begin; i < end; ++i) {
    const auto row = rows_.x().row(static_cast<size_t>(which[i]));
    std::copy(row.begin(), row.end(), inputs_[0].begin() + static_cast<ptrdiff_t>(i * columns));
  }
  std::vector<T> out;
  for (size_t at = 0; at < layers_.size(); ++at) {
    const DenseLayer<T>& layer = layers_[at];
    out.resize((end - begin) * layer.units);
    sum_up<T>(layer, rows_of(inputs_[at], layer.inputs, begin, end), out);
    if (at + 1 == layers_.size()) break;
    activate<T>(activation_, out);
    std::copy(out.begin(), out.end(), rows_of(inputs_[at + 1], layer.units, begin, end).begin());
  }
  const double loss = losses(which.subspan(begin, end - begin), total, out);
  for (size_t at = layers_.size(); at-- > 0;) {
    const DenseLayer<T>& layer = layers_[at];
    for (size_t i = begin; i < end; ++i) {
      for (size_t unit = 0; unit < layer.units; ++unit) {
        slopes_[at][unit * n + i] = out[(i - begin) * layer.units + unit];
      }
    }
    if (at == 0) break;
    std::vector<T> before((end - begin) * layer.inputs);
    tensor::multiply_block_straight<T>(out, layer.weights, layer.units, before);
    turn_back<T>(activation_, rows_of(std::as_const(inputs_[at]), layer.inputs, begin, end), before);
    out = std::move(before);
  }
  return loss;
}

template <class T>
double MlpNetwork<T>::losses(std::span<const int> which, double total, std::span<T> out) const {
  double sum = 0;
  const size_t columns = layers_.back().units;
  for (size_t i = 0; i < which.size(); ++i) {
    const auto row = static_cast<size_t>(which[i]);
    const auto label = static_cast<size_t>(rows_.y[row]);
    const double share = rows_.weights[row] / total;
    const T weight = static_cast<T>(share);
    const auto values = out.subspan(i * columns, columns);
    if (columns == 1) {
      const double margin = label == 1 ? values[0] : -values[0];
      sum += share * (std::log1p(std::exp(-std::fabs(margin))) + std::max(-margin, 0.0));
      values[0] = weight * (logistic(values[0]) - (label == 1 ? 1 : 0));
      continue;
    }
    const T most = *std::max_element(values.begin(), values.end()), own = values[label];
    T all = 0;
    for (T& value : values) all += value = std::exp(value - most);
    for (T& value : values) value *= weight / all;
    values[label] -= weight;
    sum += share * (std::log(static_cast<double>(all)) + most - own);
  }
  return sum;
}

template class MlpNetwork<float>;
template class MlpNetwork<double>;

}  // namespace lumir::learn
