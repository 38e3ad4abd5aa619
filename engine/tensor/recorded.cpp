// A node of LibTorch's graph that asks a Differentiable for its derivative. A library of its own: see differentiable.cpp.

#include "tensor/recorded.h"

#include <torch/csrc/autograd/custom_function.h>

namespace lumir::tensor {

using Tensors = Differentiable::Tensors;
using torch::autograd::AutogradContext;

namespace {

/// A function where a context can keep it.
struct Held : torch::CustomClassHolder {
  explicit Held(std::shared_ptr<Differentiable> held) : function(std::move(held)) {}
  std::shared_ptr<Differentiable> function;
};

Differentiable& function_of(AutogradContext& context) {
  return *static_cast<Held&>(*context.saved_data["function"].toCapsule()).function;
}

Differentiable::Known known_to(AutogradContext& context) {
  const auto saved = context.get_saved_variables();
  const auto inputs = saved.begin() + context.saved_data["inputs"].toInt();
  const auto outputs = inputs + context.saved_data["outputs"].toInt();
  Differentiable::Known known{{saved.begin(), inputs}, {inputs, outputs}, {outputs, saved.end()}, {}};
  for (size_t i = 0; i < known.inputs.size(); ++i) known.wanted.push_back(context.needs_input_grad(i));
  return known;
}

}  // namespace

/// The node, by the name that errors of a watch for NaN give it.
struct OwnGradient : torch::autograd::Function<OwnGradient> {
  static Tensors forward(AutogradContext* context, at::TensorList given,
                         const std::shared_ptr<Differentiable>& function) {
    const Tensors inputs = given.vec();
    Differentiable::Made made = function->forward(inputs, /*way_back=*/true);
    context->saved_data["function"] =
        c10::IValue::make_capsule(c10::intrusive_ptr<torch::CustomClassHolder>(c10::make_intrusive<Held>(function)));
    context->saved_data["inputs"] = static_cast<int64_t>(inputs.size());
    context->saved_data["outputs"] = static_cast<int64_t>(made.outputs.size());
    Tensors saved = inputs;
    saved.insert(saved.end(), made.outputs.begin(), made.outputs.end());
    saved.insert(saved.end(), made.kept.begin(), made.kept.end());
    context->save_for_backward(std::move(saved));
    return made.outputs;
  }

  static Tensors backward(AutogradContext* context, const Tensors& gradients) {
    const Differentiable::Known known = known_to(*context);
    Differentiable& function = function_of(*context);
    Tensors derivatives = at::GradMode::is_enabled() ? function.backward_with_graph(known, gradients)
                                                     : function.backward(known, gradients);
    derivatives.emplace_back();  // the function is no tensor
    return derivatives;
  }
};

Tensors apply_recorded(const std::shared_ptr<Differentiable>& function, const Tensors& inputs) {
  return OwnGradient::apply(at::TensorList(inputs), function);
}

}  // namespace lumir::tensor
