// lumir.nn.init: PyTorch's initialisers.
//
//   nn.init.kaiming_normal_(net[1].weight, { nonlinearity = 'relu' })
//   nn.init.normal_(net.head.weight, 0, 0.02)
//   nn.init.zeros_(net.head.bias)

#include "nn/initializers.h"

#include "api/tensor.h"
#include "bind/arguments.h"

namespace lumir::lua {
namespace {

/// What stands behind the tensor: numbers in their order, then a table.
template <class S>
S how_at(Call& call, int first) {
  const auto places = positional(schema_of<S>());
  Map given;
  int i = first;
  for (; i <= call.count() && !call.is_table(i); ++i) {
    given[places.at(static_cast<size_t>(i - first))->name] = call.value(i);
  }
  for (auto& [name, value] : call.map(i, "options")) {
    if (given.contains(name)) throw ArgumentError(call.who() + ": '" + name + "' is given twice");
    given[name] = value;
  }
  return read_options<S>(given, call.who());
}

template <class S, void (*fill)(at::Tensor, const S&)>
int initialise(Call& call) {
  const at::Tensor tensor = call.object<at::Tensor>(1, "tensor");
  if (!tensor.is_floating_point()) throw ArgumentError(call.who() + ": takes a tensor of floating-point numbers");
  fill(tensor, how_at<S>(call, 2));
  lua_pushvalue(call.L, 1);
  return 1;
}

template <class S>
Describe words(const std::string& name, const std::string& summary, const std::string& behind = "") {
  return {.summary = summary,
          .returns = "the tensor",
          .example = "nn.init." + name + "(torch.empty(20, 64)" + (behind.empty() ? "" : ", " + behind) + ")",
          .source = "torch.nn.init." + name,
          .parameters = with_arguments({argument("tensor", "Tensor", "what is filled in place")}, schema_of<S>())};
}

template <class S, void (*fill)(at::Tensor, const S&)>
void add(lua::Module& module, const std::string& name, const std::string& summary, const std::string& behind = "") {
  module.function(name, initialise<S, fill>, words<S>(name, summary, behind));
}

const lua::Module init_module = [] {
  using namespace nn::init;
  lua::Module module("nn.init");
  add<Uniform, uniform>(module, "uniform_", "Numbers from a to b, all as likely.", "-0.1, 0.1");
  add<Normal, normal>(module, "normal_", "Normal numbers.", "0, 0.02");
  add<TruncatedNormal, trunc_normal>(module, "trunc_normal_", "Normal numbers between a and b; others are drawn again.",
                                     "{ std = 0.02 }");
  add<Constant, constant>(module, "constant_", "One number everywhere.", "0.1");
  add<NoOptions, ones>(module, "ones_", "Ones.");
  add<NoOptions, zeros>(module, "zeros_", "Zeros.");
  add<NoOptions, eye>(module, "eye_", "Ones on the diagonal, zeros elsewhere.");
  add<Gain, xavier_uniform>(module, "xavier_uniform_",
                            "Even numbers as wide as keeps the deviation forward and back (Glorot and Bengio, 2010).");
  add<Gain, xavier_normal>(module, "xavier_normal_",
                           "Normal numbers as wide as keeps the deviation forward and back (Glorot and Bengio, 2010).");
  add<Kaiming, kaiming_uniform>(module, "kaiming_uniform_",
                                "Even numbers as wide as keeps the deviation before a ReLU (He et al., 2015).",
                                "{ nonlinearity = 'relu' }");
  add<Kaiming, kaiming_normal>(module, "kaiming_normal_",
                               "Normal numbers as wide as keeps the deviation before a ReLU (He et al., 2015).",
                               "{ mode = 'fan_out', nonlinearity = 'relu' }");
  add<Gain, orthogonal>(module, "orthogonal_", "Rows that stand at right angles to each other (Saxe et al., 2013).");
  return module;
}();

}  // namespace
}  // namespace lumir::lua
