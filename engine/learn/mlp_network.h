// The network of MLP: what comes out of its layers, the loss, and its slopes.
//
// Cores take pieces of the rows forward and back, then pieces of each layer's units, whose slopes are sums over all
// rows; so the number of threads changes nothing.

#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "learn/present_classes.h"

namespace lumir::learn {

/// Weights, [units, inputs], and what is added to each unit's sum. In double, or in float for batches.
template <class T>
struct DenseLayer {
  size_t units, inputs;
  std::vector<T> weights;
  std::vector<T> biases;

  DenseLayer(size_t n_units, size_t n_inputs)
      : units(n_units), inputs(n_inputs), weights(n_units * n_inputs), biases(n_units) {}
};

template <class T>
using DenseLayers = std::vector<DenseLayer<T>>;

/// Calls use(numbers) for the arrays of all layers in their order.
template <class Layers, class Use>
void each_array(Layers& layers, const Use& use) {
  for (auto& layer : layers) {
    use(layer.weights);
    use(layer.biases);
  }
}

/// Layers of these sizes, all 0.
template <class To, class From>
DenseLayers<To> zeros_like(const DenseLayers<From>& layers) {
  DenseLayers<To> out;
  for (const auto& layer : layers) out.emplace_back(layer.units, layer.inputs);
  return out;
}

/// The same numbers in another precision.
template <class To, class From>
DenseLayers<To> converted(const DenseLayers<From>& layers) {
  DenseLayers<To> out = zeros_like<To>(layers);
  for (size_t at = 0; at < layers.size(); ++at) {
    std::copy(layers[at].weights.begin(), layers[at].weights.end(), out[at].weights.begin());
    std::copy(layers[at].biases.begin(), layers[at].biases.end(), out[at].biases.begin());
  }
  return out;
}

enum class Activation { relu, tanh, logistic, identity };

/// What comes out behind the last layer, [rows, units], before it is turned into probabilities.
template <class T>
Matrix run_layers(const DenseLayers<T>& layers, Activation activation, const Matrix& x);

template <class T>
class MlpNetwork {
 public:
  MlpNetwork(Activation activation, const PresentRows& rows, DenseLayers<T> layers);

  DenseLayers<T>& layers() { return layers_; }

  /// The mean loss of some rows with half the squares of the weights, and its slopes.
  double derive(std::span<const int> which, double alpha, DenseLayers<T>& slopes);

 private:
  /// Sends some of the rows forward and back; their loss, by their shares in the total of weights.
  double pass(std::span<const int> which, size_t begin, size_t end, double total);
  /// The sum of the rows' losses by these shares; puts their slopes in the place of what came out.
  double losses(std::span<const int> which, double total, std::span<T> out) const;

  Activation activation_;
  const PresentRows& rows_;
  DenseLayers<T> layers_;
  // of the rows of a step:
  std::vector<std::vector<T>> inputs_;  // of each layer, [rows, inputs]
  std::vector<std::vector<T>> slopes_;  // of each layer's sums, [units, rows]
};

}  // namespace lumir::learn
