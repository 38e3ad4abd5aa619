#include "learn/mlp_network.h"

#include <cmath>
#include <utility>

#include "core/parallel.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr size_t kPiece = 64;  // rows of a batch, for one worker

double logistic(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

void activate(Activation how, std::span<double> values) {
  switch (how) {
    case Activation::relu:
      for (double& v : values) v = v > 0 ? v : 0;
      break;
    case Activation::tanh:
      for (double& v : values) v = std::tanh(v);
      break;
    case Activation::logistic:
      for (double& v : values) v = logistic(v);
      break;
    case Activation::identity: break;
  }
}

/// Slopes behind a layer become slopes before its activation; `values` are what came out of it.
void turn_back(Activation how, std::span<const double> values, std::span<double> slopes) {
  for (size_t i = 0; i < values.size(); ++i) {
    const double v = values[i];
    if (how == Activation::relu) slopes[i] = v > 0 ? slopes[i] : 0;
    if (how == Activation::tanh) slopes[i] *= 1 - v * v;
    if (how == Activation::logistic) slopes[i] *= v * (1 - v);
  }
}

void add(DenseLayers& from, DenseLayers& to) {
  for (size_t layer = 0; layer < to.count(); ++layer) {
    for (size_t i = 0; i < to.weights[layer].values.size(); ++i) {
      to.weights[layer].values[i] += from.weights[layer].values[i];
    }
    for (size_t i = 0; i < to.biases[layer].size(); ++i) to.biases[layer][i] += from.biases[layer][i];
  }
}

}  // namespace

double MlpNetwork::derive(std::span<const int> which, double alpha, DenseLayers& slopes) const {
  const size_t pieces = (which.size() + kPiece - 1) / kPiece;
  std::vector<DenseLayers> parts(pieces);
  std::vector<double> losses(pieces);
  double total = 0;
  for (const int row : which) total += rows_.weights[static_cast<size_t>(row)];
  parallel_for(pieces, [&](size_t piece) {
    const size_t begin = piece * kPiece, n = std::min(kPiece, which.size() - begin);
    losses[piece] = derive_piece(which.subspan(begin, n), parts[piece]);
  });
  double loss = 0;
  slopes = std::move(parts.front());
  for (size_t piece = 0; piece < pieces; ++piece) {
    loss += losses[piece];
    if (piece > 0) add(parts[piece], slopes);
  }
  slopes.each([&](std::span<double> numbers) {
    for (double& number : numbers) number /= total;
  });
  double squares = 0;
  for (size_t layer = 0; layer < layers_.count(); ++layer) {
    const auto& weights = layers_.weights[layer].values;
    for (size_t i = 0; i < weights.size(); ++i) {
      squares += weights[i] * weights[i];
      slopes.weights[layer].values[i] += alpha / total * weights[i];
    }
  }
  return (loss + alpha / 2 * squares) / total;
}

Matrix MlpNetwork::run(const DenseLayers& layers, Activation activation, Matrix x, std::vector<Matrix>* between) {
  for (size_t layer = 0; layer < layers.count(); ++layer) {
    Matrix next = tensor::multiply_transposed(x, layers.weights[layer]);
    const auto& biases = layers.biases[layer];
    for (size_t i = 0; i < next.rows; ++i) {
      const auto row = next.row(i);
      for (size_t unit = 0; unit < biases.size(); ++unit) row[unit] += biases[unit];
    }
    if (layer + 1 < layers.count()) activate(activation, next.values);
    if (between) between->push_back(std::move(x));
    x = std::move(next);
  }
  return x;
}

double MlpNetwork::derive_piece(std::span<const int> which, DenseLayers& slopes) const {
  std::vector<Matrix> inputs;  // of each layer
  Matrix out = run(layers_, activation_, rows_.x().take(which), &inputs);
  const double loss = losses(which, out);
  slopes.weights.resize(layers_.count());
  slopes.biases.resize(layers_.count());
  for (size_t layer = layers_.count(); layer-- > 0;) {
    slopes.weights[layer] = tensor::transposed_multiply(out, inputs[layer]);
    auto& biases = slopes.biases[layer];
    biases.assign(out.columns, 0);
    for (size_t i = 0; i < out.rows; ++i) {
      for (size_t unit = 0; unit < out.columns; ++unit) biases[unit] += out(i, unit);
    }
    if (layer == 0) break;
    out = tensor::multiply(out, layers_.weights[layer]);
    turn_back(activation_, inputs[layer].values, out.values);
  }
  return loss;
}

double MlpNetwork::losses(std::span<const int> which, Matrix& out) const {
  double sum = 0;
  for (size_t i = 0; i < which.size(); ++i) {
    const auto row = static_cast<size_t>(which[i]);
    const auto label = static_cast<size_t>(rows_.y[row]);
    const double weight = rows_.weights[row];
    const auto values = out.row(i);
    if (values.size() == 1) {
      const double margin = label == 1 ? values[0] : -values[0];
      sum += weight * (std::log1p(std::exp(-std::fabs(margin))) + std::max(-margin, 0.0));
      values[0] = weight * (logistic(values[0]) - (label == 1));
      continue;
    }
    const double most = *std::max_element(values.begin(), values.end()), own = values[label];
    double total = 0;
    for (double& value : values) total += value = std::exp(value - most);
    for (double& value : values) value *= weight / total;
    values[label] -= weight;
    sum += weight * (std::log(total) + most - own);
  }
  return sum;
}

}  // namespace lumir::learn
