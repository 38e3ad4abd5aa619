// A function of tensors with a derivative of its own: a kernel in place of many operators, or a part of a network that is
// worked out again on the way back.
//
//   struct Cube : tensor::Differentiable {
//     Made forward(const Tensors& inputs, bool) override { return {{inputs[0].pow(3)}, {}}; }
//     Tensors backward(const Known& known, const Tensors& gradients) override {
//       return {gradients[0] * 3 * known.inputs[0].pow(2)};
//     }
//     Tensors by_operators(const Tensors& inputs) override { return {inputs[0].pow(3)}; }
//   };
//   const auto y = tensor::apply(std::make_shared<Cube>(), {x})[0];

#pragma once

#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

class Differentiable {
 public:
  using Tensors = std::vector<at::Tensor>;
  struct Made {
    Tensors outputs;
    Tensors kept;  // what the way back needs beside inputs and outputs; none of either
  };
  struct Known {
    Tensors inputs, outputs, kept;
    std::vector<bool> wanted;  // by which inputs derivatives are asked for
  };

  Differentiable() = default;
  virtual ~Differentiable() = default;
  Differentiable(const Differentiable&) = delete;
  Differentiable& operator=(const Differentiable&) = delete;

  /// Works it out. Nothing is recorded meanwhile; where there is no way back, nothing need be kept.
  virtual Made forward(const Tensors& inputs, bool way_back) = 0;
  /// The derivatives by the inputs, of as many; undefined where none is wanted. `gradients` are as many as outputs.
  virtual Tensors backward(const Known& known, const Tensors& gradients) = 0;
  /// The outputs by operators that have derivatives themselves: what gradients of gradients go through.
  virtual Tensors by_operators(const Tensors& inputs) = 0;
  /// As backward, where what comes out has derivatives itself.
  virtual Tensors backward_with_graph(const Known& known, const Tensors& gradients);

 protected:
  /// The derivatives of outputs that a graph leads to from `inputs`, as backward gives them.
  static Tensors through_graph(const Tensors& outputs, const Tensors& inputs, const std::vector<bool>& wanted,
                               const Tensors& gradients, bool create_graph);
};

/// What the function makes of its inputs, all defined; part of the graph where one of them requires a gradient.
std::vector<at::Tensor> apply(const std::shared_ptr<Differentiable>& function, const std::vector<at::Tensor>& inputs);

}  // namespace lumir::tensor
