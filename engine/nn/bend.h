// The bend that follows a norm or a convolution, which their kernels do at once.

#pragma once

namespace at {
class Tensor;  // kernels know none of LibTorch's headers
}

namespace lumir::nn {

enum class Bend { none, relu, elu, leaky };

/// What becomes of numbers below zero, as a layer has it.
struct Bending {
  Bend kind = Bend::none;
  double slope = 1;  // ELU's alpha; what LeakyReLU multiplies with
};

/// A layer that only bends.
class Bends {
 public:
  virtual Bending bending() const = 0;

 protected:
  ~Bends() = default;
};

/// By LibTorch's operators.
at::Tensor bend(const at::Tensor& x, const Bending& bending);

}  // namespace lumir::nn
