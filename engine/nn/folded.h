// Weights that a norm behind them has become part of, while nothing is learned.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "nn/bend.h"
#include "nn/conv_geometry.h"
#include "nn/pooled.h"

namespace lumir::nn {

class BatchNorm;

/// A layer that multiplies what comes in with weights of [channels that come out, ...].
class Multiplies {
 public:
  virtual const at::Tensor& weight() const = 0;
  /// Undefined: none.
  virtual const at::Tensor& bias() const = 0;
  /// What the layer gives with other weights. Throws ArgumentError where x does not fit.
  virtual at::Tensor multiplied(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) const = 0;
  /// Of a convolution of pictures with zeros around them; nothing: it is another one.
  virtual std::optional<ConvGeometry> geometry() const { return std::nullopt; }

 protected:
  ~Multiplies() = default;
};

/// A layer that multiplies, then a norm that goes by what it has seen, then a bend, then a pooling: any of the latter
/// may be missing.
struct Product {
  const Multiplies* layer = nullptr;
  const BatchNorm* norm = nullptr;
  Bending bending;
  std::optional<Blocks> blocks;
};

/// What was made of a product's weights, for as long as these stay as they are.
class Folded {
 public:
  /// Whether it gains by it: no derivative is recorded, and there is a norm to fold or an order of weights to
  /// keep.
  static bool can(const Product& product, const at::Tensor& x);
  at::Tensor run(const Product& product, const at::Tensor& given);

 private:
  struct Source {
    at::Tensor tensor;
    int64_t version = 0;
  };
  bool is_of(const std::vector<at::Tensor>& sources) const;
  at::Tensor folded(const Product& product);
  void make_direct(const Product& product, const std::optional<ConvInput>& input);

  std::vector<Source> sources_;
  at::Tensor bias_;
  at::Tensor direct_, formed_;  // undefined until something goes by them; formed: for fewer products
  bool packed_ = false;         // direct_ is in oneDNN's order
  bool is_finite_ = false;      // of direct_ and bias_ all numbers
  bool transposed_ = false;     // for pictures that are transposed
};

}  // namespace lumir::nn
