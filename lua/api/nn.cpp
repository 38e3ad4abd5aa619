// lumir.nn: every registered layer, loss and container as a constructor, one class of objects for all of them.
//
//   nn.Conv2d(1, 64, 7, { stride = 2 })     arguments as bind/arguments.h reads them
//   net(x), net(x, { lengths = l })         tensors in, tensors out; what counts classes counts from 1
//   net[1], net.weight                      what it holds, by place or by name

#include "api/nn.h"

#include <algorithm>
#include <cmath>

#include <ATen/core/grad_mode.h>

#include "api/batches.h"
#include "api/functions.h"
#include "api/learn.h"
#include "api/run.h"
#include "api/state.h"
#include "api/tensor.h"
#include "bind/arguments.h"
#include "bind/held.h"
#include "bind/way.h"
#include "core/file.h"
#include "data/batches.h"
#include "evaluate/vote.h"
#include "model/model_file.h"
#include "nn/lambda.h"
#include "nn/load.h"
#include "nn/network.h"
#include "nn/onnx_network.h"
#include "nn/profile.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "tensor/anomaly.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;

int call_module(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  if (tensor::watches_anomalies()) tensor::call_comes_from(users_place(call.L));
  return push_flow(call.L, *module, (*module)(flow_at(call, *module, 2)));
}

/// The child at a place from 1, or from the end by -1.
int child_at(Call& call, const nn::Module& module) {
  const auto children = module.children();
  const auto count = static_cast<long>(children.size());
  const double place = call.number(2);
  const double from_start = place < 0 ? place + static_cast<double>(count) + 1 : place;
  if (from_start != std::floor(from_start) || from_start < 1 || from_start > static_cast<double>(count)) {
    throw ArgumentError(module.title() + ": has no part " + show_number(place) + "; " +
                        (count == 0 ? "it holds none" : "they count from 1 to " + std::to_string(count)));
  }
  return call.push(children[static_cast<size_t>(from_start) - 1].module);
}

/// net:load_state_dict(state, { strict = false, rename = { ['module.'] = '' } })
int load_module(Call& call) {
  const auto& module = call.object<ModulePtr>(1);
  const auto options = call.options<nn::LoadOptions>(3);
  const nn::Misfit left = nn::load(*module, state_at(call, 2), options, call.who());
  lua_pushvalue(call.L, 1);
  if (options.strict) return 1;
  const auto list = [](const std::vector<std::string>& names) { return List(names.begin(), names.end()); };
  call.push(Value(Map{{"missing_keys", list(left.missing)}, {"unexpected_keys", list(left.unexpected)}}));
  return 2;
}

/// #net of what is made from a list: Sequential, ModuleList, Parallel.
int count_listed(Call& call) {
  const auto& module = call.object<ModulePtr>(1);
  if (listed(module->entry().parameters)) return call.push(module->children().size());
  throw ArgumentError(module->title() + ": is no list of modules and has no length; #net:children() counts its parts");
}

int is_same_module(Call& call) { return call.push(call.object<ModulePtr>(1) == call.object<ModulePtr>(2)); }

/// What `held` finds by name, for hints.
std::vector<std::string> names_held(const ModulePtr& module) {
  std::vector<std::string> names = field_names(*module);
  for (const auto& child : module->children()) names.push_back(child.name);
  for (const auto& slot : module->slots()) names.push_back(slot.name);
  std::erase_if(names,
                [](const std::string& name) { return name.find_first_not_of("0123456789") == std::string::npos; });
  return names;
}

/// net[1], net[-1], net.weight: a child by its place or by its name, a parameter or a buffer by its name.
int held(Call& call) {
  const auto module = call.object<ModulePtr>(1);
  const auto children = module->children();
  if (call.is_number(2)) return child_at(call, *module);
  const std::string name = call.is_text(2) ? call.text(2) : "";
  for (const auto& child : children) {
    if (child.name == name) return call.push(child.module);
  }
  for (const auto& slot : module->slots()) {
    if (slot.name == name && slot.tensor->defined()) return push_tensor(call.L, *slot.tensor);
  }
  const int pushed = push_field(call, *module, name);
  if (pushed == 0 && name == "forward") {
    throw ArgumentError(module->title() + ": has no 'forward'; a module is called by itself: net(x)");
  }
  return pushed;
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

/// To a device, or to another type of numbers.
int move_to(Call& call, const std::string& where) {
  const auto module = call.object<ModulePtr>(1);
  if (const auto type = tensor::find_dtype(where)) {
    module->to(std::nullopt, type);
  } else {
    module->to(tensor::device_of(where, call.who()), std::nullopt);
  }
  return itself(call);
}

/// net:to 'cuda', net:to 'float64'
int to(Call& call) { return move_to(call, call.text(2, "where")); }

int clone_module(Call& call) {
  const nn::BuildClassScope scope(builder_of_classes(call.L, true));
  return call.push(nn::clone(*call.object<ModulePtr>(1)));
}

int save(Call& call) {
  const std::string path = output_path(call.L, call.path(2));
  const auto model = nn::model_of(call.object<ModulePtr>(1));
  if (path.ends_with(".onnx")) {
    write_file(path, nn::onnx_of(model, protected_attempt(call.L), call.who()));
  } else {
    model::save_model(path, model);
  }
  return call.push(path);
}

/// net:cuda() as PyTorch has it beside net:to 'cuda'.
Describe moved_words(const std::string& name, const std::string& where) {
  return {.summary = "The same as net:to '" + where + "'.",
          .returns = "the module",
          .example = where == "cuda" ? "pcall(net.cuda, net)" : "net:clone():" + name + "()",
          .source = "torch.nn.Module." + name};
}

const Class<ModulePtr> module_class =
    Class<ModulePtr>("Module", "A layer, a loss or a network: weights, and what is reckoned with them.", "net")
        .text([](const ModulePtr& module) { return nn::show_tree(*module); })
        .title([](const ModulePtr& module) { return module->title(); })
        .field("name", [](const ModulePtr& module) { return Value(module->title()); },
               {.summary = "Its name, without the module; of a network that is written in Lua, that of its class.",
                .returns = "text"})
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
        .method("profile", profile_of,
                {.summary = "What each of its parts takes for a batch, in time and memory, as nn.profile says.",
                 .returns = "a Profile, which prints as a table",
                 .example = "nn.Linear(512, 20):profile({ 8, 512 }, { runs = 2 })",
                 .source = "torch.profiler",
                 .parameters = with_arguments(
                     {argument("input", "list or Tensor", "the shape of a batch, a batch, or a list of tensors")},
                     schema_of<nn::ProfileOptions>())})
        .method("step", step_of, step_words())
        .method("state_dict", [](Call& call) { return state_dict(call, *call.object<ModulePtr>(1)); },
                {.summary = "Its parameters and persistent buffers under PyTorch's names: copies.",
                 .returns = "a table of Tensor by name",
                 .example = "torch.save(net:state_dict(), place .. '/net.safetensors')",
                 .source = "torch.nn.Module.state_dict"})
        .method(
            "load_state_dict", load_module,
            {.summary = "Takes parameters and persistent buffers from a state dict, of Lumir's or of PyTorch's "
                        "(torch.load reads .pth and .safetensors); all or nothing. A layer that takes its sizes from "
                        "what it first sees takes them from here.",
             .returns =
                 "the module; behind it, where strict is false, what was left: { missing_keys, unexpected_keys }; "
                 "an error lists every name that is missing, one too many or of another shape",
             .example = "net:load_state_dict(net:state_dict())",
             .source = "torch.nn.Module.load_state_dict",
             .parameters = with_arguments({argument("state", "table of Tensor", "by name, as torch.load gives it")},
                                          schema_of<nn::LoadOptions>())})
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
        .method(
            "cpu", [](Call& call) { return move_to(call, "cpu"); }, moved_words("cpu", "cpu"))
        .method(
            "cuda", [](Call& call) { return move_to(call, "cuda"); }, moved_words("cuda", "cuda"))
        .method(
            "half", [](Call& call) { return move_to(call, "float16"); }, moved_words("half", "float16"))
        .method(
            "float", [](Call& call) { return move_to(call, "float32"); }, moved_words("float", "float32"))
        .method(
            "double", [](Call& call) { return move_to(call, "float64"); }, moved_words("double", "float64"))
        .method("register_forward_hook", register_forward_hook,
                {.summary = "Has a function called after each forward pass with the module, its first input and its "
                            "first output. A tensor that it returns takes the place of that output, further ones of "
                            "the further outputs. One that closes over the network keeps it in memory until it is "
                            "taken off.",
                 .returns = "a function that takes the hook off again",
                 .example = "net:register_forward_hook(function(part, x, y) print(part.name, y.shape) end)",
                 .source = "torch.nn.Module.register_forward_hook",
                 .parameters = {argument("fn", "function",
                                         "called with module, input, output; returns nothing, or other outputs")}})
        .method(
            "save", save,
            {.summary = "Writes a model file: weights under PyTorch's names, what builds the network again, and the "
                        "chain and classes that it was last trained or judged on. learn.load reads it, and so does "
                        "safetensors.torch.load_file. A path that ends in .onnx gets a graph for other programs: "
                        "'rows', what the chain makes before its fitted scalers, go in, 'label' and 'scores' come out; "
                        "torch.onnx.export writes any network by an example.",
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
        .meta("__len", count_listed,
              {.summary = "How many modules one holds that was made of a list (Sequential, ModuleList, Parallel); "
                          "ipairs goes through them.",
               .returns = "an integer",
               .example = "#nn.Sequential { nn.Linear(4, 8), nn.ReLU() }"})
        .meta("__eq", is_same_module,
              {.summary = "Whether both are the same module.", .returns = "a boolean", .example = "net[1] == net[1]"})
        .index(held, {.summary = "What it holds: net[1] the first module, net[-1] the last, net.weight a parameter or "
                                 "a buffer.",
                      .returns = "a Module or a Tensor",
                      .example = "net[1]"})
        .index_names(names_held);

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
      hold_functions(call.L, *entry,
                     [&](int index) { push_object<nn::TensorFunction>(call.L, function_at(call.L, index)); });
      const nn::BuildClassScope scope(builder_of_classes(call.L, true));  // for those that copy a part
      return call.push(nn::make_module(entry->full_name(), call_options(call, *entry)));
    });
  }
});

/// A network learns nothing from an optimiser of another one, nor a loss with parameters from one that has none of them,
/// nor an optimiser from the schedule of another.
int check_optimizer(Call& call) {
  const auto net = call.object<ModulePtr>(1, "net"), loss = call.object<ModulePtr>(2, "loss");
  const auto optimizer = call.object<optim::OptimizerPtr>(3, "optimizer");
  const auto& moved = optimizer->parameters();
  const auto is_moved = [&](const nn::Slot& slot) {
    return std::any_of(moved.begin(), moved.end(),
                       [&](const optim::NamedTensor& parameter) { return parameter.tensor.is_same(*slot.tensor); });
  };
  const auto slots = nn::slots_of(*net), own = nn::slots_of(*loss);
  const std::string by_fit = "optim." + optimizer->name() + " { ... } is bound by nn.fit";
  if (std::none_of(slots.begin(), slots.end(), is_moved)) {
    throw ArgumentError("fit: " + optimizer->name() + " holds no parameter of this " + net->title() +
                        ": it is of another network; " + by_fit);
  }
  for (const auto& slot : own) {
    if (!slot.trained || !slot.tensor->requires_grad() || is_moved(slot)) continue;
    throw ArgumentError("fit: " + optimizer->name() + " does not hold '" + slot.name + "' of " + loss->title() +
                        ", which is learnt: optim." + optimizer->name() + "({ net, loss }, { ... }), or " + by_fit);
  }
  const auto* schedule = test_object<optim::SchedulePtr>(call.L, 4);
  if (schedule && (*schedule)->bound() && (*schedule)->optimizer() != optimizer) {
    throw ArgumentError("fit: " + (*schedule)->name() + " sets the rate of another optimizer");
  }
  return 0;
}

/// Calls a function with the network in eval mode and, unless they are asked for, without gradients; all parts get back
/// the modes that they had.
int judged(Call& call) {
  const nn::Judging scope(*call.object<ModulePtr>(1, "net"));
  const at::AutoGradMode gradients(!call.is_nil(3) && call.boolean(3));
  lua_pushvalue(call.L, 2);
  lua_call(call.L, 0, 0);
  return 0;
}

/// Calls a function for each batch of other data with what the network answers, and with what was to be foretold.
int judge(Call& call) {
  const auto* table = test_object<data::Table>(call.L, 2);
  const data::TensorRows rows =
      table ? data::TensorRows(*table) : data::TensorRows(call.object<data::Dataset>(2, "data"));
  const auto size = static_cast<int>(call.integer(3, "batch_size", 1, 2147483647));
  nn::each_answer(*call.object<ModulePtr>(1, "net"), rows, size, [&](const data::Batch& batch, const at::Tensor& out) {
    lua_pushvalue(call.L, 4);
    push_tensor(call.L, out);
    push_targets(call.L, batch.y.defined() ? batch.y.to(out.device()) : batch.y);
    lua_call(call.L, 2, 0);
  });
  return 0;
}

/// What nn.fit needs beside what users have.
const lua::Module fit_module("core", [](ModuleTable& module) {
  module.function("is_lazy", [](Call& call) {
    const auto slots = nn::slots_of(*call.object<ModulePtr>(1));
    return call.push(std::any_of(slots.begin(), slots.end(), [](const auto& slot) { return !slot.tensor->defined(); }));
  });
  module.function("check_optimizer", check_optimizer);
  module.function("judged", judged);
  module.function("judge", judge);
  module.function("part", [](Call& call) {  // a layer, or its path in the network; `who` asks
    if (call.is<ModulePtr>(2)) return call.push(call.object<ModulePtr>(2));
    return call.push(nn::find_part(call.object<ModulePtr>(1, "net"), call.text(2, "layer"), call.text(3)));
  });
  module.function("classes", [](Call& call) {  // what a network knows of them; an empty list for nothing
    const auto& about = call.object<ModulePtr>(1, "net")->about();
    List names;
    for (const auto& name : about ? about->classes : std::vector<std::string>{}) names.push_back(name);
    return call.push(Value(names));
  });
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
