// The network of MLP: what comes out of its layers, the loss, and its slopes.
//
// A batch is cut into pieces of rows that cores take; each piece is a few matrix products, and their slopes are added
// up in order, so that the number of threads changes nothing.

#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "learn/present_classes.h"

namespace lumir::learn {

/// Weights of each layer, [units, inputs], and what is added to each unit's sum.
struct DenseLayers {
  std::vector<Matrix> weights;
  std::vector<std::vector<double>> biases;

  size_t count() const { return weights.size(); }
  /// Calls use(numbers) for the arrays of all layers in their order.
  template <class Use>
  void each(const Use& use) {
    for (size_t layer = 0; layer < count(); ++layer) {
      use(std::span<double>(weights[layer].values));
      use(std::span<double>(biases[layer]));
    }
  }
  DenseLayers zeros() const {
    DenseLayers out = *this;
    out.each([](std::span<double> numbers) { std::fill(numbers.begin(), numbers.end(), 0); });
    return out;
  }
};

enum class Activation { relu, tanh, logistic, identity };

class MlpNetwork {
 public:
  MlpNetwork(Activation activation, const PresentRows& rows, DenseLayers layers)
      : activation_(activation), rows_(rows), layers_(std::move(layers)) {}

  DenseLayers& layers() { return layers_; }

  /// The mean loss of some rows with half the squares of the weights, and its slopes.
  double derive(std::span<const int> which, double alpha, DenseLayers& slopes) const;

  /// What comes out behind the last layer, before it is turned into probabilities; `between` gets what goes into each.
  static Matrix run(const DenseLayers& layers, Activation activation, Matrix x, std::vector<Matrix>* between = nullptr);

 private:
  /// The loss of a piece of rows and its slopes, both by the weights of rows.
  double derive_piece(std::span<const int> which, DenseLayers& slopes) const;
  /// Sums of the rows' losses; puts their slopes in the place of what came out.
  double losses(std::span<const int> which, Matrix& out) const;

  Activation activation_;
  const PresentRows& rows_;
  DenseLayers layers_;
};

}  // namespace lumir::learn
