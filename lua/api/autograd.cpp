// torch.autograd: gradients as values, of which there may be gradients again, and the watch for the first NaN or infinity.

#include "api/tensor.h"
#include "tensor/anomaly.h"
#include "tensor/show.h"

namespace lumir::lua {

Schema GraphOptions::schema() {
  return {Option{"retain_graph", &GraphOptions::retain_graph, "allow another backward of the same computation"},
          Option{"create_graph", &GraphOptions::create_graph, "record what is done, for gradients of the gradients"}};
}

namespace {

struct GradOptions : GraphOptions {
  bool allow_unused = false;
  static Schema schema() {
    return extend(GraphOptions::schema(), Option{"allow_unused", &GradOptions::allow_unused,
                                                 "nil for an input that was not used; an error otherwise"});
  }
};

/// A tensor, or a list of them.
std::vector<at::Tensor> tensors_at(Call& call, int i, const char* name) {
  if (const auto* one = test_object<at::Tensor>(call.L, i)) return {*one};
  std::vector<at::Tensor> tensors;
  const int count = list_length(call.L, i, call.who(), "'" + std::string(name) + "'");
  for (int place = 1; place <= count; ++place) {
    lua_rawgeti(call.L, i, place);
    const auto* tensor = test_object<at::Tensor>(call.L, lua_gettop(call.L));
    if (!tensor) {
      throw ArgumentError(call.who() + ": position " + std::to_string(place) + " of '" + name +
                          "' must be a Tensor, got " + kind_at(call.L, -1));
    }
    tensors.push_back(*tensor);
    lua_pop(call.L, 1);
  }
  return tensors;
}

void check_recorded(const std::vector<at::Tensor>& tensors, const char* name, const std::string& who) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].requires_grad()) continue;
    throw ArgumentError(who + ": position " + std::to_string(i + 1) + " of '" + name +
                        "' has no gradient (requires_grad = true)");
  }
}

/// torch.autograd.grad(outputs, inputs [, weights] [, options])
int grad(Call& call) {
  const auto outputs = tensors_at(call, 1, "outputs"), inputs = tensors_at(call, 2, "inputs");
  const bool weighted = call.is<at::Tensor>(3) || (call.is_table(3) && lua_objlen(call.L, 3) > 0);
  const auto weights = weighted ? tensors_at(call, 3, "grad_outputs") : std::vector<at::Tensor>{};
  const auto options = call.options<GradOptions>(weighted ? 4 : 3);
  check_recorded(outputs, "outputs", call.who());
  check_recorded(inputs, "inputs", call.who());
  if (weighted && weights.size() != outputs.size()) {
    throw ArgumentError(call.who() + ": there are " + std::to_string(outputs.size()) + " outputs and " +
                        std::to_string(weights.size()) + " grad_outputs");
  }
  for (const at::Tensor& output : outputs) {
    if (weighted || output.numel() == 1) continue;
    throw ArgumentError(call.who() + ": of " + tensor::show_shape(output.sizes()) +
                        " needs grad_outputs of the same shape; a loss is one number");
  }
  const auto found = tensor::derivatives(outputs, inputs, weights, options, options.allow_unused, call.who());
  luaL_checkstack(call.L, static_cast<int>(found.size()) + 4, "too many inputs");
  for (const at::Tensor& one : found) {
    one.defined() ? static_cast<void>(push_tensor(call.L, one)) : lua_pushnil(call.L);
  }
  return static_cast<int>(found.size());
}

/// torch.autograd.detect_anomaly(function() ... end): calls it watched, and gives back what it gives.
int detect_anomaly(Call& call, bool infinities) {
  const tensor::AnomalyWatch watch(infinities);
  lua_call(call.L, call.count() - 1, LUA_MULTRET);
  return call.count();
}

const Module autograd_module =
    Module("torch.autograd")
        .function("grad", grad,
                  {.summary = "The derivatives of outputs by inputs, added to nobody's grad. With create_graph they "
                              "can be differentiated again.",
                   .returns = "a Tensor for each input, of its shape",
                   .example = "torch.autograd.grad(w:pow(3):sum(), w, { create_graph = true })",
                   .source = "torch.autograd.grad",
                   .parameters = {argument("outputs", "Tensor or list of Tensor", "what is differentiated"),
                                  argument("inputs", "Tensor or list of Tensor", "by what"),
                                  argument("...", "Tensor, list or table",
                                           "grad_outputs, which each output is weighted by, of its shape; a table of "
                                           "retain_graph, create_graph, allow_unused",
                                           kPlace)}})
        .function("detect_infinity", [](Call& call) { return detect_anomaly(call, true); },
                  {.summary = "Calls a function as detect_anomaly does, and ends it with the first infinity, too, that "
                              "an operator or a layer gives: where numbers overflow before they are NaN. Masks of "
                              "-inf are infinities as well. Gradients are watched for NaN only.",
                   .returns = "what the function returns",
                   .example = "torch.autograd.detect_infinity(function() w:pow(2):sum():backward() end)",
                   .source = "torch.autograd.detect_anomaly, which looks at NaN alone",
                   .parameters = {argument("body", "function", "what is called"),
                                  argument("...", "value", "what it is called with", kPlace)}})
        .function("detect_anomaly", [](Call& call) { return detect_anomaly(call, false); },
                  {.summary = "Calls a function, a training for example, and ends it with the first NaN: the error "
                              "names the operator or the layer that gave it, or whose gradient it is, the line that "
                              "called that, and the batch. Looks at every number, so it takes longer.",
                   .returns = "what the function returns",
                   .example = "torch.autograd.detect_anomaly(function() w:pow(2):sum():backward() end)",
                   .source = "torch.autograd.detect_anomaly",
                   .parameters = {argument("body", "function", "what is called"),
                                  argument("...", "value", "what it is called with", kPlace)}});

}  // namespace
}  // namespace lumir::lua
