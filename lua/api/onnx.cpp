// torch.onnx: networks as files for other programs.
//
//   torch.onnx.export(net, x, 'net.onnx', { input_names = { 'mel' }, dynamic_axes = { mel = { batch = 1, time = 4 } } })

#include "api/nn.h"
#include "api/run.h"
#include "api/tensor.h"
#include "bind/bind.h"
#include "core/file.h"
#include "nn/onnx_network.h"
#include "tensor/positions.h"

namespace lumir::lua {
namespace {

struct ExportOptions {
  std::vector<std::string> input_names, output_names;
  Value dynamic_axes;
  static Schema schema() {
    using S = ExportOptions;
    return {Option{"input_names", &S::input_names, "what goes in is called; 'input' unless given"},
            Option{"output_names", &S::output_names, "what comes out is called; 'output' unless given"},
            Option{"dynamic_axes", &S::dynamic_axes,
                   "of inputs by name, the axes whose sizes may change: a list, or by what they are called. Unless "
                   "given, all along which the network takes the same steps at other sizes"}};
  }
};

/// { x = { 1, 4 } } or { x = { batch = 1, time = 4 } }
nn::DynamicAxes axes_in(const Value& given, const std::string& who) {
  const auto wrong = [&] {
    throw ArgumentError(who + ": 'dynamic_axes' must be lists of axes by the inputs' names, got " + show(given));
  };
  const auto axis_of = [&](const Value& axis) {
    const double* number = axis.number();
    if (!number || *number < 1 || *number != static_cast<double>(static_cast<int64_t>(*number))) wrong();
    return static_cast<int64_t>(*number) - 1;
  };
  nn::DynamicAxes axes;
  if (!given.map()) wrong();
  for (const auto& [input, list] : *given.map()) {
    auto& of = axes[input];
    if (list.list()) {
      for (const Value& axis : *list.list()) of[axis_of(axis)] = "";
    } else if (list.map()) {
      for (const auto& [name, axis] : *list.map()) of[axis_of(axis)] = name;
    } else {
      wrong();
    }
  }
  return axes;
}

/// A tensor, or a list of them.
nn::Tensors example_at(Call& call, int i) {
  if (const auto* one = test_object<at::Tensor>(call.L, i)) return {*one};
  nn::Tensors all;
  const int count = call.is_table(i) ? list_length(call.L, i, call.who(), "'example'") : 0;
  if (count == 0) call.wrong(i, "example", "a Tensor or a list of them");
  for (int place = 1; place <= count; ++place) {
    lua_rawgeti(call.L, i, place);
    all.push_back(call.object<at::Tensor>(lua_gettop(call.L), "example"));
    lua_pop(call.L, 1);
  }
  return all;
}

Value shapes_of(const std::vector<nn::NamedShape>& all) {
  Map shapes;
  for (const auto& [name, shape] : all) {
    List sizes;
    for (const auto& size : shape) {
      sizes.push_back(size.number < 0 ? Value(size.name) : Value(static_cast<double>(size.number)));
    }
    shapes[name] = sizes;
  }
  return shapes;
}

}  // namespace

nn::Attempt protected_attempt(lua_State* L) {
  return [L](const std::function<void()>& something) -> std::string {
    push_function(L, "export", [&something](Call&) {
      something();
      return 0;
    });
    if (lua_pcall(L, 0, 0, 0) == 0) return "";
    const char* text = lua_tostring(L, -1);
    std::string why = text ? text : "it ends in an error";
    lua_pop(L, 1);
    return why;
  };
}

namespace {

int export_network(Call& call) {
  const auto net = call.object<nn::ModulePtr>(1, "network");
  auto example = example_at(call, 2);
  for (const size_t place : net->positions()) {  // which count from 0 in the file
    if (place < example.size())
      example[place] = tensor::from_user(example[place], tensor::Mark::label, net->title(), "input");
  }
  const std::string path = output_path(call.L, call.path(3));
  const auto given = call.options<ExportOptions>(4);
  nn::OnnxOptions options{given.input_names, given.output_names, std::nullopt, protected_attempt(call.L)};
  if (!given.dynamic_axes.is_nil()) options.dynamic_axes = axes_in(given.dynamic_axes, call.who());
  const auto made = nn::onnx_of(net, example, options, call.who());
  write_file(path, made.bytes);
  Map fixed;
  for (const auto& [axis, why] : made.fixed) fixed[axis] = why;
  call.push(path);
  call.push(Value(Map{{"inputs", shapes_of(made.inputs)}, {"outputs", shapes_of(made.outputs)}, {"fixed", fixed}}));
  return 2;
}

const Module onnx_module =
    Module("torch.onnx")
        .function(
            "export", export_network,
            {.summary = "Writes a network, as it judges, as an ONNX file for other programs (ONNX Runtime). It is "
                        "traced: called with "
                        "examples of other sizes and other numbers, and the operators that ran are written. Networks "
                        "that are written "
                        "in Lua go out, too, unless they branch on the numbers that come in. Axes whose sizes may "
                        "change are found; "
                        "an axis that cannot (a table of positions of one length, a loop over frames) stays as in the "
                        "example, and "
                        "`fixed` says why. Positions (the words of an Embedding) count from 0 in the file. A layer "
                        "that ONNX has nothing for is refused by its place.",
             .returns =
                 "the path that was written, and a table: shapes of `inputs` and `outputs` by name, where what changes "
                 "has a name in place of a number, and `fixed`",
             .example = "torch.onnx.export(nn.Linear(2, 3), torch.randn(1, 2), place .. '/net.onnx')",
             .source = "torch.onnx.export; ONNX, operators of version 17",
             .parameters = with_arguments({argument("network", "Module", "what is written"),
                                           argument("example", "Tensor or list of Tensor", "what it takes"),
                                           argument("path", "text", "the file")},
                                          schema_of<ExportOptions>())});

}  // namespace
}  // namespace lumir::lua
