// lumir.nn.summary: what a network costs, as torchinfo shows it.
//
//   nn.summary(net, { 4, 3, 128, 1292 })
//   net:summary(x)

#include "nn/summary.h"

#include "api/nn.h"
#include "api/tensor.h"

namespace lumir::lua {
namespace {

double megabytes(int64_t bytes) { return static_cast<double>(bytes) / 1e6; }

std::vector<int64_t> shape_at(Call& call, int i) {
  std::vector<int64_t> shape;
  for (const auto& size : call.list(i, "input", "a shape or a tensor")) {
    const double* number = size.number();
    if (!number || *number < 0 || *number != static_cast<double>(static_cast<int64_t>(*number))) {
      throw ArgumentError(call.who() + ": a shape must be a list of sizes, got " + show(size));
    }
    shape.push_back(static_cast<int64_t>(*number));
  }
  return shape;
}

const Class<nn::Summary> summary_class =
    Class<nn::Summary>("Summary", "What a network is made of and what it costs.", "summary")
        .text([](const nn::Summary& summary) { return nn::show(summary); })
        .field("parameters", [](const nn::Summary& summary) { return Value(summary.parameters()); },
               {.summary = "How many numbers are learnt, frozen ones too.", .returns = "an integer"})
        .field("trainable", [](const nn::Summary& summary) { return Value(summary.trainable()); },
               {.summary = "How many numbers optimisers change.", .returns = "an integer"})
        .field("mult_adds", [](const nn::Summary& summary) { return Value(summary.mult_adds()); },
               {.summary = "Multiplications with an addition, of the whole batch.", .returns = "an integer"})
        .field("input_size", [](const nn::Summary& summary) { return Value(megabytes(summary.input_bytes)); },
               {.summary = "How large the batch is.", .returns = "a number, 10^6 bytes"})
        .field("output_size", [](const nn::Summary& summary) { return Value(megabytes(summary.output_bytes())); },
               {.summary = "How much the outputs of layers with weights and their gradients take.",
                .returns = "a number, 10^6 bytes"})
        .field("parameter_size", [](const nn::Summary& summary) { return Value(megabytes(summary.parameter_bytes())); },
               {.summary = "How much the weights take.", .returns = "a number, 10^6 bytes"})
        .field("total_size", [](const nn::Summary& summary) { return Value(megabytes(summary.total_bytes())); },
               {.summary = "Batch, outputs and weights together.", .returns = "a number, 10^6 bytes"});

}  // namespace

nn::Flow example_at(Call& call, int i, nn::Module& network) {
  if (call.is<at::Tensor>(i)) return {{call.object<at::Tensor>(i)}};
  if (!call.is_table(i)) call.wrong(i, "input", "a shape, a tensor or a list of tensors");
  nn::Flow flow;
  const int count = list_length(call.L, i, call.who(), "'input'");
  for (int place = 1; place <= count; ++place) {
    lua_rawgeti(call.L, i, place);
    if (const auto* tensor = test_object<at::Tensor>(call.L, lua_gettop(call.L))) flow.tensors.push_back(*tensor);
    lua_pop(call.L, 1);
  }
  if (count > 0 && static_cast<int>(flow.tensors.size()) == count) return flow;
  return {{nn::zeros_for(network, shape_at(call, i))}};
}

int summary_of(Call& call) {
  const auto net = call.object<nn::ModulePtr>(1, "network");
  if (call.is_table(2)) return call.push(nn::summarise(net, example_at(call, 2, *net)));
  nn::Flow flow;
  for (int i = 2; i <= call.count(); ++i) flow.tensors.push_back(call.object<at::Tensor>(i, "input"));
  return call.push(nn::summarise(net, flow));
}

namespace {

const lua::Module summary_module = lua::Module("nn").function(
    "summary", summary_of,
    {.summary = "What a network is made of and what it costs for a batch: layers, shapes, parameters, multiplications, "
                "memory. One run in eval, without gradients.",
     .returns = "a Summary, which prints as a table",
     .example = "nn.summary(nn.Linear(512, 20), { 8, 512 })",
     .source = "torchinfo.summary",
     .parameters = {argument("network", "Module", "what is looked at"),
                    argument("...", "list or tensors", "the shape of a batch, or what the network takes")}});

}  // namespace
}  // namespace lumir::lua
