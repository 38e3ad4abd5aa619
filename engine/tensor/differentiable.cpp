// Nodes of LibTorch's graph derive from its classes, which are not there before it is opened; so the node is in a library
// of its own that is opened late as well: recorded.cpp, which folder.cmake takes out of this folder's objects.

#include "tensor/differentiable.h"

#include <algorithm>

#include <ATen/core/grad_mode.h>

#include "tensor/gradients.h"
#include "tensor/recorded.h"

namespace lumir::tensor {

using Tensors = Differentiable::Tensors;

Tensors Differentiable::backward_with_graph(const Known& known, const Tensors& gradients) {
  return through_graph(by_operators(known.inputs), known.inputs, known.wanted, gradients, /*create_graph=*/true);
}

Tensors Differentiable::through_graph(const Tensors& outputs, const Tensors& inputs, const std::vector<bool>& wanted,
                                      const Tensors& gradients, bool create_graph) {
  Tensors reached, weights, asked;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].requires_grad()) continue;
    reached.push_back(outputs[i]);
    weights.push_back(gradients[i]);
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (wanted[i]) asked.push_back(inputs[i]);
  }
  const BackwardOptions options{.retain_graph = create_graph, .create_graph = create_graph};
  const Tensors found = derivatives(reached, asked, weights, options, /*allow_unused=*/true, "backward");
  Tensors all(inputs.size());
  for (size_t i = 0, next = 0; i < all.size(); ++i) {
    if (wanted[i]) all[i] = found[next++];
  }
  return all;
}

Tensors apply(const std::shared_ptr<Differentiable>& function, const Tensors& inputs) {
  const auto learns = [](const at::Tensor& input) { return input.requires_grad(); };
  if (at::GradMode::is_enabled() && std::any_of(inputs.begin(), inputs.end(), learns)) {
    return apply_recorded(function, inputs);
  }
  const at::NoGradGuard nothing_recorded;
  return function->forward(inputs, /*way_back=*/false).outputs;
}

}  // namespace lumir::tensor
