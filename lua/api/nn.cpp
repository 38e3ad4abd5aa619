// lumir.nn: every registered layer, loss and container as a constructor, one class of objects for all of them.
//
//   nn.Conv2d(1, 64, 7, { stride = 2 })     arguments as bind/arguments.h reads them
//   net(x), net(x, { lengths = l })         tensors in, tensors out; what counts classes counts from 1
//   net[1], net.weight                      what it holds, by place or by name

#include "api/nn.h"

#include <algorithm>

#include <ATen/autocast_mode.h>

#include "api/functions.h"
#include "api/learn.h"
#include "api/run.h"
#include "api/state.h"
#include "api/tensor.h"
#include "bind/arguments.h"
#include "bind/held.h"
#include "bind/way.h"
#include "evaluate/vote.h"
#include "model/model_file.h"
#include "nn/lambda.h"
#include "nn/network.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "tensor/anomaly.h"
#include "tensor/convert.h"
#include "tensor/positions.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

}  // namespace

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
      tensor = tensor::from_user(tensor, tensor::Mark::label, module.name(), place == 0 ? "input" : "target");
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

int push_flow(lua_State* L, const nn::Module& module, const nn::Flow& flow) {
  const auto positions = module.result_positions();
  for (size_t i = 0; i < flow.tensors.size(); ++i) {
    const bool counts = std::find(positions.begin(), positions.end(), i) != positions.end();
    push_tensor(L, counts ? tensor::to_user(flow.tensors[i], tensor::Mark::position) : flow.tensors[i]);
  }
  return static_cast<int>(flow.tensors.size());
}

namespace {

int call_module(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  if (tensor::watches_anomalies()) tensor::call_comes_from(users_place(call.L));
  return push_flow(call.L, *module, (*module)(flow_at(call, *module, 2)));
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
  return push_field(call, *module, name);
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

int freeze(Call& call, bool frozen) {
  call.object<ModulePtr>(1)->freeze(frozen);
  return itself(call);
}

/// A list of what optimisers change.
int parameters(Call& call) {
  lua_newtable(call.L);
  int place = 0;
  for (const auto& slot : nn::slots_of(*call.object<ModulePtr>(1))) {
    if (!slot.trained || !slot.tensor->defined()) continue;
    push_tensor(call.L, *slot.tensor);
    lua_rawseti(call.L, -2, ++place);
  }
  return 1;
}

/// for name, parameter in net:named_parameters() do
int named_parameters(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  auto slots = nn::slots_of(*module);
  std::erase_if(slots, [](const nn::Slot& slot) { return !slot.trained || !slot.tensor->defined(); });
  push_function(call.L, "named_parameters", [module, slots, next = size_t{0}](Call& step) mutable {
    if (next == slots.size()) return 0;
    step.push(slots[next].name);
    push_tensor(step.L, *slots[next++].tensor);
    return 2;
  });
  return 1;
}

int children(Call& call) {
  lua_newtable(call.L);
  int place = 0;
  for (const auto& child : call.object<ModulePtr>(1)->children()) {
    push_object<ModulePtr>(call.L, child.module);
    lua_rawseti(call.L, -2, ++place);
  }
  return 1;
}

/// for name, part in net:named_modules() do: itself first, called ''.
int named_modules(Call& call) {
  push_function(call.L, "named_modules",
                [all = nn::all_of(call.object<ModulePtr>(1)), next = size_t{0}](Call& step) mutable {
                  if (next == all.size()) return 0;
                  step.push(all[next].name);
                  push_object<ModulePtr>(step.L, all[next++].module);
                  return 2;
                });
  return 1;
}

/// net:apply(function(part) ... end): every part, innermost first, as PyTorch does.
int apply(Call& call) {
  auto all = nn::all_of(call.object<ModulePtr>(1));
  std::reverse(all.begin(), all.end());
  for (const auto& one : all) {
    lua_pushvalue(call.L, 2);
    push_object<ModulePtr>(call.L, one.module);
    lua_call(call.L, 1, 0);
  }
  return itself(call);
}

int zero_grad(Call& call) {
  for (const auto& slot : nn::slots_of(*call.object<ModulePtr>(1))) {
    if (slot.trained && slot.tensor->defined()) slot.tensor->mutable_grad().reset();
  }
  return itself(call);
}

/// net:to 'cuda', net:to 'float64'
int to(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  const std::string where = call.text(2, "where");
  if (const auto type = tensor::find_dtype(where)) {
    module->to(std::nullopt, type);
  } else {
    module->to(tensor::device_of(where, call.who()), std::nullopt);
  }
  return itself(call);
}

/// The function gets the module, what went in and what came out.
int register_forward_hook(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  const auto function = std::make_shared<Held>(call.L, 2);
  const int number = module->add_hook([function](nn::Module& part, const nn::Flow& input, const nn::Flow& output) {
    lua_State* const L = function->thread();
    luaL_checkstack(L, 5, "too many hooks");
    function->push();
    push_object<ModulePtr>(L, part.shared_from_this());
    push_tensor(L, input.tensors.at(0));
    push_tensor(L, output.tensors.at(0));
    lua_call(L, 3, 0);
  });
  const std::weak_ptr<nn::Module> hooked = module;  // a hook may close over what takes it off
  push_function(call.L, "remove", [hooked, number](Call&) {
    if (const ModulePtr part = hooked.lock()) part->remove_hook(number);
    return 0;
  });
  return 1;
}

int clone_module(Call& call) {
  const nn::BuildClassScope scope(builder_of_classes(call.L, true));
  return call.push(nn::clone(*call.object<ModulePtr>(1)));
}

int save(Call& call) {
  const std::string path = output_path(call.L, call.path(2));
  model::save_model(path, nn::model_of(call.object<ModulePtr>(1)));
  return call.push(path);
}

const Class<ModulePtr> module_class =
    Class<ModulePtr>("Module", "A layer, a loss or a network: weights, and what is reckoned with them.", "net")
        .text([](const ModulePtr& module) { return nn::show_tree(*module); })
        .field("name", [](const ModulePtr& module) { return Value(module->name()); },
               {.summary = "Its name, without the module.", .returns = "text"})
        .field("options", [](const ModulePtr& module) { return Value(module->options()); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .field("n_parameters",
               [](const ModulePtr& module) { return Value(static_cast<double>(nn::count_parameters(*module))); },
               {.summary = "How many numbers its parameters are.", .returns = "an integer"})
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
        .method("freeze", [](Call& call) { return freeze(call, true); },
                {.summary = "Keeps optimisers from changing its parameters and those of all that it holds.",
                 .returns = "the module",
                 .example = "net:freeze()",
                 .source = "torch.nn.Module.requires_grad_(False)"})
        .method("unfreeze", [](Call& call) { return freeze(call, false); },
                {.summary = "Lets optimisers change its parameters again.",
                 .returns = "the module",
                 .example = "net:unfreeze()",
                 .source = "torch.nn.Module.requires_grad_(True)"})
        .method("parameters", parameters,
                {.summary = "All that optimisers change.",
                 .returns = "a list of Tensors, in PyTorch's order",
                 .example = "#net:parameters()",
                 .source = "torch.nn.Module.parameters"})
        .method("named_parameters", named_parameters,
                {.summary = "All that optimisers change, with PyTorch's names.",
                 .returns = "for a loop: a name, a Tensor",
                 .example = "for name, parameter in net:named_parameters() do print(name, parameter.shape) end",
                 .source = "torch.nn.Module.named_parameters"})
        .method("children", children,
                {.summary = "What it holds, without what those hold.",
                 .returns = "a list of Modules",
                 .example = "#net:children()",
                 .source = "torch.nn.Module.children"})
        .method("named_modules", named_modules,
                {.summary = "Itself, called '', and all that it holds with their paths, outermost first.",
                 .returns = "for a loop: a name, a Module",
                 .example = "for name, part in net:named_modules() do print(name, part.name) end",
                 .source = "torch.nn.Module.named_modules"})
        .method("apply", apply,
                {.summary = "Calls a function with all that it holds, innermost first, and with itself.",
                 .returns = "the module",
                 .example = "net:apply(function(part) print(part.name) end)",
                 .source = "torch.nn.Module.apply",
                 .parameters = {argument("fn", "function", "what is to be done with each")}})
        .method("clone", clone_module,
                {.summary = "Another network like it, with weights of its own that are the same now. Networks that are "
                            "written in Lua are made by init once more, with the same arguments.",
                 .returns = "a Module",
                 .example = "net:clone()",
                 .source = "copy.deepcopy of a torch.nn.Module"})
        .method("summary", summary_of,
                {.summary = "What it is made of and what it costs for a batch, as nn.summary says.",
                 .returns = "a Summary, which prints as a table",
                 .example = "nn.Linear(512, 20):summary { 8, 512 }",
                 .source = "torchinfo.summary",
                 .parameters = {argument("...", "list or tensors", "the shape of a batch, or what it takes")}})
        .method("state_dict", [](Call& call) { return state_dict(call, *call.object<ModulePtr>(1)); },
                {.summary = "Its parameters and persistent buffers under PyTorch's names: copies.",
                 .returns = "a table of Tensor by name",
                 .example = "torch.save(net:state_dict(), place .. '/net.safetensors')",
                 .source = "torch.nn.Module.state_dict"})
        .method(
            "load_state_dict", [](Call& call) { return load_state_dict(call, *call.object<ModulePtr>(1)); },
            {.summary = "Takes parameters and persistent buffers from a state dict, of Lumir's or of PyTorch's; "
                        "all or nothing. A layer that takes its sizes from what it first sees takes them from here.",
             .returns = "the module; an error for a name that is missing, one too many or of another shape",
             .example = "net:load_state_dict(net:state_dict())",
             .source = "torch.nn.Module.load_state_dict",
             .parameters = {argument("state", "table of Tensor", "by name, as torch.load gives it")}})
        .method("zero_grad", zero_grad,
                {.summary = "Forgets all gradients.",
                 .returns = "the module",
                 .example = "net:zero_grad()",
                 .source = "torch.nn.Module.zero_grad"})
        .method("to", to,
                {.summary = "Moves it to a device, or gives its numbers another type; in place, as PyTorch does.",
                 .returns = "the module",
                 .example = "net:to 'cpu'",
                 .source = "torch.nn.Module.to",
                 .parameters = {argument("where", "text", "'cpu', 'cuda', 'auto', or 'float64', 'bfloat16' ...")}})
        .method("register_forward_hook", register_forward_hook,
                {.summary = "Has a function called after each forward pass with the module, its first input and its "
                            "first output. One that closes over the network keeps it in memory until it is taken off.",
                 .returns = "a function that takes the hook off again",
                 .example = "net:register_forward_hook(function(part, x, y) print(part.name, y.shape) end)",
                 .source = "torch.nn.Module.register_forward_hook",
                 .parameters = {argument("fn", "function", "called with module, input, output")}})
        .method(
            "save", save,
            {.summary = "Writes a model file: weights under PyTorch's names, what builds the network again, and the "
                        "chain and classes that it was last trained or judged on. learn.load reads it, and so does "
                        "safetensors.torch.load_file.",
             .returns = "the path that was written",
             .example = "net:save(place .. '/net.safetensors')",
             .parameters = {argument("path", "text", "the file; a recipe's relative paths lie in its run folder")}})
        .meta("__newindex", set_field,
              {.summary =
                   "Sets a field of a network that is written with nn.Module: a part, a parameter, anything; nil "
                   "takes it out. A function that closes over the network keeps it in memory as long as it is set.",
               .returns = "nothing",
               .example = "local X = nn.Module 'X'; function X:init() self.n = 3 end; print(X().n)",
               .parameters = {argument("name", "text", "of the field"), argument("value", "value", "what it is")}})
        .method(
            "predict",
            [](Call& call) {
              const auto net = call.object<ModulePtr>(1);
              return predict(call, std::make_shared<model::Model>(nn::model_of(net)));
            },
            {.summary = "The likeliest class of each row, by the names of the classes that it was trained or judged "
                        "on; where options are given, of each recording.",
             .returns = "a list of text; where options are given, the ids of the recordings behind it",
             .example = "nn.fit(nn.Sequential { nn.LazyLinear(3) }, table, { epochs = 1 }).net:predict(table)",
             .source = "Keras' predict, scikit-learn's predict",
             .parameters = with_arguments({argument("data", "table", "a Table, a Dataset or { x = rows }")},
                                          schema_of<evaluate::VoteOptions>())})
        .meta("__call", call_module,
              {.summary = "What it makes of tensors; lengths of padded sequences stand in a table behind them.",
               .returns = "what help says of the module's name",
               .example = "net(x)",
               .parameters = {argument("...", "Tensor", "what it takes")}})
        .index(held, {.summary = "What it holds: net[1] the first module, net.weight a parameter or a buffer.",
                      .returns = "a Module or a Tensor",
                      .example = "net[1]"});

/// nn.Network(net, { batch_size = 8 })
int network(Call& call) {
  Map options = call_options(call, *find_entry("nn.Network"));
  options.erase("module");
  return call.push(std::make_shared<model::Model>(nn::model_of(call.object<ModulePtr>(1, "module"), nullptr, options)));
}

/// A function of tensors among the arguments, for a Lambda.
nn::TensorFunction function_at(lua_State* L, int index) {
  const auto held = std::make_shared<Held>(L, index);
  return [held](const nn::Tensors& inputs) {
    lua_State* const state = held->thread();
    const int base = lua_gettop(state);
    luaL_checkstack(state, static_cast<int>(inputs.size()) + 1, "too many tensors");
    held->push();
    for (const auto& tensor : inputs) push_tensor(state, tensor);
    lua_call(state, static_cast<int>(inputs.size()), LUA_MULTRET);
    nn::Tensors outputs;
    for (int i = base + 1; i <= lua_gettop(state); ++i) {
      const auto* tensor = test_object<at::Tensor>(state, i);
      if (!tensor) throw ArgumentError("Lambda: its function must answer tensors, got " + kind_at(state, i));
      outputs.push_back(*tensor);
    }
    lua_settop(state, base);
    if (outputs.empty()) throw ArgumentError("Lambda: its function answers nothing");
    return outputs;
  };
}

const Class<nn::TensorFunction> function_class =
    Class<nn::TensorFunction>("TensorFunction", "A function of Lua as a layer holds it.", "lambda")
        .text([](const auto&) { return std::string("function"); });

const lua::Module nn_module("nn", [](ModuleTable& module) {
  module.function("Network", network);
  for (const Entry* entry : entries("nn")) {
    if (!nn::is_module(*entry)) continue;
    module.function(entry->name, [entry](Call& call) {
      refuse_module(call, *entry);
      hold_functions(call.L, [&](int index) { push_object<nn::TensorFunction>(call.L, function_at(call.L, index)); });
      const nn::BuildClassScope scope(builder_of_classes(call.L, true));  // for those that copy a part
      return call.push(nn::make_module(entry->full_name(), call_options(call, *entry)));
    });
  }
});

/// While it lives, operators that bear it reckon in half the bits.
class Autocast {
 public:
  explicit Autocast(at::DeviceType device) : device_(device), before_(at::autocast::is_autocast_enabled(device)) {
    at::autocast::set_autocast_enabled(device_, true);
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
    at::autocast::increment_nesting();
  }
  ~Autocast() {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, before_);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool before_;
};

int autocast(Call& call) {
  const Autocast scope(tensor::device_of(call.text(1, "device"), call.who()).type());
  lua_pushvalue(call.L, 2);
  lua_call(call.L, 0, 0);
  return 0;
}

/// A network learns nothing from an optimiser of another one, nor an optimiser from the schedule of another.
int check_optimizer(Call& call) {
  const auto net = call.object<ModulePtr>(1, "net");
  const auto optimizer = call.object<optim::OptimizerPtr>(2, "optimizer");
  const auto slots = nn::slots_of(*net);
  const auto& moved = optimizer->parameters();
  const auto is_own = [&](const optim::NamedTensor& parameter) {
    return std::any_of(slots.begin(), slots.end(),
                       [&](const nn::Slot& slot) { return slot.tensor->is_same(parameter.tensor); });
  };
  if (std::none_of(moved.begin(), moved.end(), is_own)) {
    throw ArgumentError("fit: " + optimizer->name() + " holds no parameter of this " + net->title() +
                        ": it is of another network; optim." + optimizer->name() + " { ... } is bound by nn.fit");
  }
  const auto* schedule = test_object<optim::SchedulePtr>(call.L, 3);
  if (schedule && (*schedule)->optimizer() != optimizer) {
    throw ArgumentError("fit: " + (*schedule)->name() + " sets the rate of another optimizer");
  }
  return 0;
}

/// Calls a function with the network in eval mode and without gradients; all parts get back the modes that they had.
int judged(Call& call) {
  const nn::Judging scope(*call.object<ModulePtr>(1, "net"));
  lua_pushvalue(call.L, 2);
  lua_call(call.L, 0, 0);
  return 0;
}

/// What nn.fit needs beside what users have.
const lua::Module fit_module("core", [](ModuleTable& module) {
  module.function("is_lazy", [](Call& call) {
    const auto slots = nn::slots_of(*call.object<ModulePtr>(1));
    return call.push(std::any_of(slots.begin(), slots.end(), [](const auto& slot) { return !slot.tensor->defined(); }));
  });
  module.function("autocast", autocast);
  module.function("check_optimizer", check_optimizer);
  module.function("judged", judged);
  module.function("remember", [](Call& call) {
    const auto net = call.object<ModulePtr>(1, "net");
    if (const auto* table = test_object<data::Table>(call.L, 2)) {
      nn::remember(*net, *table);
    } else {
      nn::remember(*net, call.object<data::Dataset>(2, "data"));
    }
    return 0;
  });
});

}  // namespace
}  // namespace lumir::lua
