// lumir.nn: every registered layer, loss and container as a constructor, one class of objects for all of them.
//
//   nn.Conv2d(1, 64, 7, { stride = 2 })     arguments as bind/arguments.h reads them
//   net(x), net(x, { lengths = l })         tensors in, tensors out; what counts classes counts from 1
//   net[1], net.weight                      what it holds, by place or by name

#include "nn/module.h"

#include <algorithm>

#include "api/tensor.h"
#include "bind/arguments.h"
#include "tensor/convert.h"
#include "tensor/positions.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

/// The tensors of a call, and those of a last table by name.
nn::Flow flow_at(Call& call, const nn::Module& module, int first) {
  nn::Flow flow;
  const int last = call.count();
  const bool named = last > first && call.is_table(last);
  const auto positions = module.positions();
  for (int i = first; i <= (named ? last - 1 : last); ++i) {
    if (call.is_nil(i)) throw ArgumentError(module.name() + ": got nil; a misspelt name?");
    at::Tensor tensor = call.object<at::Tensor>(i, "input");
    const auto place = static_cast<size_t>(i - first);
    const bool shares = place > 0 && tensor.sizes() == flow.tensors[0].sizes();  // of each class, not class numbers
    if (!shares && std::find(positions.begin(), positions.end(), place) != positions.end()) {
      tensor = tensor::from_user(tensor, tensor::Mark::label, module.name(), "target");
    }
    flow.tensors.push_back(std::move(tensor));
  }
  if (named) {
    for (const auto& [name, value] : call.map(last, "inputs")) {
      const auto* object = value.object();
      const auto* tensor = object ? std::any_cast<at::Tensor>(object->get()) : nullptr;
      if (!tensor) throw ArgumentError(module.name() + ": '" + name + "' must be a tensor, got " + show(value));
      flow.named[name] = *tensor;
    }
  }
  return flow;
}

int push_flow(Call& call, const nn::Module& module, const nn::Flow& flow) {
  const auto positions = module.result_positions();
  for (size_t i = 0; i < flow.tensors.size(); ++i) {
    const bool counts = std::find(positions.begin(), positions.end(), i) != positions.end();
    push_tensor(call.L, counts ? tensor::to_user(flow.tensors[i], tensor::Mark::position) : flow.tensors[i]);
  }
  return static_cast<int>(flow.tensors.size());
}

int call_module(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  return push_flow(call, *module, (*module)(flow_at(call, *module, 2)));
}

/// net[1], net.weight: a child by its place from 1 or by its name, a parameter or a buffer by its name.
int held(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  const auto children = module->children();
  if (call.is_number(2)) {
    const long place = call.integer(2, "place", 1, static_cast<long>(children.size()));
    return call.push(children[static_cast<size_t>(place) - 1].module);
  }
  const std::string name = call.is_text(2) ? call.text(2) : "";
  for (const auto& child : children) {
    if (child.name == name) return call.push(child.module);
  }
  for (const auto& slot : module->slots()) {
    if (slot.name == name && slot.tensor->defined()) return push_tensor(call.L, *slot.tensor);
  }
  return 0;
}

/// Itself again, so that calls can follow each other.
int itself(Call& call) {
  lua_pushvalue(call.L, 1);
  return 1;
}

int train(Call& call) {
  call.object<ModulePtr>(1)->train(call.is_nil(2) || call.boolean(2, "mode"));
  return itself(call);
}

int eval(Call& call) {
  call.object<ModulePtr>(1)->train(false);
  return itself(call);
}

const Class<ModulePtr> module_class =
    Class<ModulePtr>("Module", "A layer, a loss or a network: weights, and what is reckoned with them.", "net")
        .text([](const ModulePtr& module) { return nn::show_tree(*module); })
        .field("name", [](const ModulePtr& module) { return Value(module->name()); },
               {.summary = "Its name, without the module.", .returns = "text"})
        .field("options", [](const ModulePtr& module) { return Value(module->options()); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .field("training", [](const ModulePtr& module) { return Value(module->training()); },
               {.summary = "Whether dropout drops and batch norm learns: see train and eval.", .returns = "a boolean"})
        .method("train", train,
                {.summary = "Sets it and all that it holds to training.",
                 .returns = "the module",
                 .example = "net:train()",
                 .source = "torch.nn.Module.train",
                 .parameters = {argument("mode", "boolean", "false for what eval does", kPlace)}})
        .method("eval", eval,
                {.summary = "Sets it and all that it holds to judging: no dropout, batch norm as it was learnt.",
                 .returns = "the module",
                 .example = "net:eval()",
                 .source = "torch.nn.Module.eval"})
        .meta("__call", call_module,
              {.summary = "What it makes of tensors; lengths of padded sequences stand in a table behind them.",
               .returns = "what help says of the module's name",
               .example = "net(x)",
               .parameters = {argument("...", "Tensor", "what it takes")}})
        .index(held, {.summary = "What it holds: net[1] the first module, net.weight a parameter or a buffer.",
                      .returns = "a Module or a Tensor",
                      .example = "net[1]"});

const lua::Module nn_module("nn", [](ModuleTable& module) {
  for (const Entry* entry : entries("nn")) {
    if (!nn::is_module(*entry)) continue;
    module.function(entry->name, [entry](Call& call) {
      refuse_module(call, *entry);
      return call.push(nn::make_module(entry->full_name(), call_options(call, *entry)));
    });
  }
});

}  // namespace
}  // namespace lumir::lua
