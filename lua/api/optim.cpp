// lumir.optim: every registered optimiser and schedule as a constructor, one class of objects for each of the two kinds.
//
//   optim.AdamW(net, { lr = 0.01 })                        bound to the parameters of a module, or of a list of tensors
//   optim.AdamW { lr = 0.01 }                              options only: nn.fit, or :bind(net), binds it
//   optim.CosineAnnealingLR(adamw, { T_max = 10 })         bound to an optimiser
//   adamw:minimize(loss, { clip_norm = 1 })                one step; a number

#include "api/optim.h"

#include "api/batches.h"
#include "api/functions.h"
#include "api/state.h"
#include "api/tensor.h"
#include "bind/arguments.h"
#include "bind/held.h"
#include "core/readable.h"
#include "nn/module.h"
#include "optim/clip.h"
#include "optim/lambda_lr.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace lumir::lua {
namespace {

using nn::ModulePtr;
using optim::NamedTensor;
using optim::OptimizerPtr;
using optim::SchedulePtr;
using optim::StepFunction;

/// Tensors and parameters of modules under a path of names: "1", "1.weight".
void collect(const Value& value, const std::string& path, const std::string& who, bool buffers,
             std::vector<NamedTensor>& all) {
  const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
  if (const auto* object = value.object()) {
    if (const auto* tensor = std::any_cast<at::Tensor>(object->get()); tensor && !path.empty()) {
      return all.push_back({path, *tensor});
    }
    if (const auto* module = std::any_cast<ModulePtr>(object->get())) {
      for (const auto& slot : nn::slots_of(**module)) {
        const bool averaged = buffers && slot.tensor->defined() && slot.tensor->is_floating_point();
        if (slot.trained || averaged) all.push_back({below(slot.name), *slot.tensor});
      }
      return;
    }
  }
  if (const List* list = value.list()) {
    for (size_t i = 0; i < list->size(); ++i) collect((*list)[i], below(std::to_string(i + 1)), who, buffers, all);
  } else if (const Map* map = value.map()) {
    for (const auto& [name, element] : *map) collect(element, below(name), who, buffers, all);
  } else {
    throw ArgumentError(who + ": 'parameters' must be a Module or a table of Tensors, got " + show(value));
  }
}

}  // namespace

std::vector<NamedTensor> parameters_from(const Value& value, const std::string& who, bool buffers) {
  std::vector<NamedTensor> all;
  collect(value, "", who, buffers, all);
  return all;
}

Value taken(Map& options, const std::string& name) {
  const auto node = options.extract(name);
  return node ? node.mapped() : Value();
}

namespace {

std::vector<at::Tensor> tensors_at(Call& call, int i) {
  std::vector<at::Tensor> tensors;
  for (const auto& parameter : parameters_from(call.value(i), call.who())) tensors.push_back(parameter.tensor);
  return tensors;
}

int make_optimizer(Call& call, const Entry& entry) {
  refuse_module(call, entry);
  Map options = call_options(call, entry);
  const Value parameters = taken(options, "parameters");
  const OptimizerPtr made = optim::make_optimizer(entry.full_name(), options);
  return call.push(parameters.is_nil() ? made : made->bind(parameters_from(parameters, entry.name)));
}

/// A function of one number among the arguments, as a value that can stand in options.
StepFunction function_at(lua_State* L, int index) {
  const auto held = std::make_shared<Held>(L, index);
  return [held](double steps) {
    lua_State* state = held->thread();
    held->push();
    lua_pushnumber(state, steps);
    lua_call(state, 1, 1);
    if (lua_type(state, -1) != LUA_TNUMBER) {
      const std::string got = kind_at(state, -1);
      lua_pop(state, 1);
      throw ArgumentError("step: a schedule's function must answer a number, got " + got);
    }
    const double answer = lua_tonumber(state, -1);
    lua_pop(state, 1);
    return answer;
  };
}

int make_schedule(Call& call, const Entry& entry) {
  refuse_module(call, entry);
  hold_functions(call.L, entry, [&](int index) { push_object<StepFunction>(call.L, function_at(call.L, index)); });
  Map options = call_options(call, entry);
  const Value optimizer = taken(options, "optimizer");
  const SchedulePtr made = optim::make_schedule(entry.full_name(), options);
  if (optimizer.is_nil()) return call.push(made);
  const auto* object = optimizer.object();
  const auto* held = object ? std::any_cast<OptimizerPtr>(object->get()) : nullptr;
  if (!held) throw ArgumentError(entry.name + ": 'optimizer' must be an Optimizer, got " + show(optimizer));
  return call.push(made->bind(*held));
}

/// One group of an optimiser's parameters.
struct ParamGroup {
  OptimizerPtr optimizer;
  size_t number;
};

int push_groups(Call& call) {
  const auto optimizer = call.object<OptimizerPtr>(1);
  lua_createtable(call.L, static_cast<int>(optimizer->groups()), 0);
  for (size_t group = 0; group < optimizer->groups(); ++group) {
    call.push(ParamGroup{optimizer, group});
    lua_rawseti(call.L, -2, static_cast<int>(group) + 1);
  }
  return 1;
}

std::string counted_parameters(const optim::Optimizer& optimizer, size_t group) {
  long numbers = 0;
  const auto& parameters = optimizer.parameters(group);
  for (const auto& parameter : parameters) numbers += static_cast<long>(parameter.tensor.numel());
  return std::to_string(parameters.size()) + (parameters.size() == 1 ? " parameter of " : " parameters of ") +
         show_count(numbers) + (numbers == 1 ? " number" : " numbers");
}

std::string text_of(const ParamGroup& group) {
  return show(Value(group.optimizer->group_options(group.number))) + ", " +
         counted_parameters(*group.optimizer, group.number);
}

/// As it was made, in one line; then every option, and what each group changes by its own options or by a rate that
/// was set since.
std::string text_of(const OptimizerPtr& optimizer) {
  Map common = optimizer->options();
  common.erase("groups");
  std::string text = optimizer->show() + "\n  " + show(Value(common));
  if (!optimizer->bound()) return text + "\n  no parameters yet";
  for (size_t group = 0; group < optimizer->groups(); ++group) {
    Map own = optimizer->group_options(group);
    std::erase_if(own, [&](const auto& option) { return show(option.second) == show(common[option.first]); });
    const std::string number = optimizer->groups() > 1 ? "group " + std::to_string(group + 1) + ": " : "";
    text += "\n  " + number + counted_parameters(*optimizer, group);
    if (!own.empty()) text += ", " + show(Value(own));
  }
  return text;
}

/// Of one that is bound, how far it is, and the rates that it has set.
std::string text_of(const SchedulePtr& schedule) {
  if (!schedule->bound()) return schedule->show();
  std::string rates;
  for (size_t group = 0; group < schedule->optimizer()->groups(); ++group) {
    rates += (group > 0 ? ", " : "") + show_number(schedule->optimizer()->lr(group));
  }
  return schedule->show() + " after " + std::to_string(schedule->steps()) +
         (schedule->steps() == 1 ? " step" : " steps") + ": lr " + rates;
}

int push_params(Call& call) {
  const auto& group = call.object<ParamGroup>(1);
  lua_newtable(call.L);
  for (const auto& parameter : group.optimizer->parameters(group.number)) {
    push_tensor(call.L, parameter.tensor);
    lua_setfield(call.L, -2, parameter.name.c_str());
  }
  return 1;
}

int group_option(Call& call) {
  const auto& group = call.object<ParamGroup>(1);
  const Map options = group.optimizer->group_options(group.number);
  const auto found = options.find(call.is_text(2) ? call.text(2) : "");
  return found == options.end() ? 0 : call.push(found->second);
}

int set_group_option(Call& call) {
  const auto& group = call.object<ParamGroup>(1);
  group.optimizer->set_group_options(group.number, {{call.text(2, "option"), call.value(3)}});
  return 0;
}

/// adamw.lr = 0.01
int assign(Call& call) {
  const auto optimizer = call.object<OptimizerPtr>(1);
  const std::string name = call.text(2, "field");
  if (name != "lr") {
    throw ArgumentError(optimizer->name() + ": '" + name + "' cannot be assigned" + did_you_mean(name, {"lr"}) +
                        "; param_groups[1]." + name + " = ... changes an option");
  }
  optimizer->set_lr(call.number(3, "lr"));
  return 0;
}

int minimize(Call& call) {
  const auto optimizer = call.object<OptimizerPtr>(1);
  const auto& loss = call.object<at::Tensor>(2, "loss");
  const double value = optimizer->minimize(loss, call.options<optim::MinimizeOptions>(3));
  if (optimizer->accumulates()) finish_with_pass(call.L, optimizer);
  return call.push(value);
}

int step_schedule(Call& call) {
  const auto schedule = call.object<SchedulePtr>(1);
  schedule->step(call.missing(2) ? std::nullopt : std::optional(call.number(2, "metric")));
  return 0;
}

int bind_optimizer(Call& call) {
  return call.push(call.object<OptimizerPtr>(1)->bind(parameters_from(call.value(2), call.who())));
}

int bind_schedule(Call& call) {
  return call.push(call.object<SchedulePtr>(1)->bind(call.object<OptimizerPtr>(2, "optimizer")));
}

Value rates_of(const SchedulePtr& schedule) {
  List rates;
  if (!schedule->bound()) return rates;
  for (size_t group = 0; group < schedule->optimizer()->groups(); ++group) {
    rates.emplace_back(schedule->optimizer()->lr(group));
  }
  return rates;
}

Argument parameters_argument(const std::string& text) {
  return argument("parameters", "Module or table of Tensor", text);
}

Describe state_words(const std::string& object, const std::string& what) {
  return {.summary = what + ", as tensors by name: copies.",
          .returns = "a table of Tensor by name",
          .example = object + ":state_dict()",
          .source = "PyTorch's state_dict"};
}

Describe load_words(const std::string& object) {
  return {.summary = "Goes on from a state that state_dict has given; all or nothing.",
          .returns = "itself",
          .example = object + ":load_state_dict(" + object + ":state_dict())",
          .source = "PyTorch's load_state_dict",
          .parameters = {argument("state", "table of Tensor", "by name")}};
}

const Class<StepFunction> function_class =
    Class<StepFunction>("StepFunction", "A function of Lua as a schedule holds it.", "lambda").text([](const auto&) {
      return std::string("function");
    });

const Class<ParamGroup> group_class =
    Class<ParamGroup>("ParamGroup", "Parameters of an optimiser that share options.", "adamw.param_groups[1]")
        .text(text_of)
        .field_with("params", push_params, {.summary = "Its parameters by name.", .returns = "a table of Tensor"})
        .meta("__newindex", set_group_option,
              {.summary = "Changes an option of this group; checked as when it was made.",
               .returns = "nothing",
               .example = "adamw.param_groups[1].weight_decay = 0.1"})
        .index(group_option, {.summary = "An option of this group as it is now.",
                              .returns = "a number, a boolean or a list",
                              .example = "adamw.param_groups[1].weight_decay",
                              .source = "torch.optim's param_groups"});

const Class<OptimizerPtr> optimizer_class =
    Class<OptimizerPtr>("Optimizer", "Changes parameters by their gradients, step by step.", "adamw")
        .text([](const OptimizerPtr& optimizer) { return text_of(optimizer); })
        .field("name", [](const OptimizerPtr& optimizer) { return Value(optimizer->name()); },
               {.summary = "Its name, without the module.", .returns = "text"})
        .field("options", [](const OptimizerPtr& optimizer) { return Value(optimizer->options()); },
               {.summary = "All its options as it was made, defaults included.", .returns = "a table"})
        .field("bound", [](const OptimizerPtr& optimizer) { return optimizer->bound(); },
               {.summary = "Whether it has parameters to change yet.", .returns = "a boolean"})
        .field("lr", [](const OptimizerPtr& optimizer) { return Value(optimizer->lr()); },
               {.summary = "The rate as it is now, of the first group; can be assigned, to all groups.",
                .returns = "a number"})
        .field("grad_norm", [](const OptimizerPtr& optimizer) { return Value(optimizer->grad_norm()); },
               {.summary = "The norm of all gradients at the last step of minimize, before they were clipped.",
                .returns = "a number; 0 before the first step"})
        .field_with("param_groups", push_groups,
                    {.summary = "Its groups, in order; what no pattern picked is the last.",
                     .returns = "a list of ParamGroup",
                     .source = "torch.optim's param_groups"})
        .method("bind", bind_optimizer,
                {.summary = "One like it, of these parameters.",
                 .returns = "an Optimizer",
                 .example = "optim.AdamW { lr = 0.01 }:bind { w }",
                 .source = "Lumir's own",
                 .parameters = {parameters_argument("what it is to change")}})
        .method("zero_grad", [](Call& call) { return call.object<OptimizerPtr>(1)->zero_grad(), 0; },
                {.summary = "Forgets the gradients: they are nil afterwards.",
                 .returns = "nothing",
                 .example = "adamw:zero_grad()",
                 .source = "torch.optim.Optimizer.zero_grad"})
        .method("step", [](Call& call) { return call.object<OptimizerPtr>(1)->step(), 0; },
                {.summary = "Changes every parameter that has a gradient.",
                 .returns = "nothing",
                 .example = "adamw:step()",
                 .source = "torch.optim.Optimizer.step"})
        .method(
            "minimize", minimize,
            {.summary = "zero_grad, backward, clipping and step in one. A loss or a gradient that is NaN or infinite "
                        "is an error, and nothing is changed.",
             .returns = "the loss, a number",
             .example = "adamw:minimize(w:pow(2):sum(), { clip_norm = 1 })",
             .source = "Lumir's own",
             .parameters = with_arguments({argument("loss", "Tensor", "one number that was computed from them")},
                                          schema_of<optim::MinimizeOptions>())})
        .method(
            "finish", [](Call& call) { return call.push(call.object<OptimizerPtr>(1)->finish()); },
            {.summary = "Makes the step of an accumulation that is not full, as the end of a pass over batches does "
                        "by itself: with the sum of the losses that there are, each over the whole number.",
             .returns = "whether there was one",
             .example = "adamw:finish()",
             .source = "Lumir's own"})
        .method(
            "state_dict", [](Call& call) { return state_dict(call, *call.object<OptimizerPtr>(1)); },
            state_words("adamw", "What it remembers, and the options of its groups that are numbers"))
        .method(
            "load_state_dict", [](Call& call) { return load_state_dict(call, *call.object<OptimizerPtr>(1)); },
            load_words("adamw"))
        .meta("__newindex", assign,
              {.summary = "Sets the rate of all groups: adamw.lr = 0.01.",
               .returns = "nothing",
               .example = "adamw.lr = 0.01"});

const Class<SchedulePtr> scheduler_class =
    Class<SchedulePtr>("Scheduler", "Sets the learning rates of an optimiser, step by step.", "cosine")
        .text([](const SchedulePtr& schedule) { return text_of(schedule); })
        .field("name", [](const SchedulePtr& schedule) { return Value(schedule->name()); },
               {.summary = "Its name, without the module.", .returns = "text"})
        .field("options", [](const SchedulePtr& schedule) { return Value(schedule->options()); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .field("bound", [](const SchedulePtr& schedule) { return schedule->bound(); },
               {.summary = "Whether it has an optimiser to set rates of yet.", .returns = "a boolean"})
        .field("wants_metric", [](const SchedulePtr& schedule) { return schedule->wants_metric(); },
               {.summary = "Whether a step needs to know how well it goes.", .returns = "a boolean"})
        .field("last_epoch", [](const SchedulePtr& schedule) { return Value(schedule->steps()); },
               {.summary = "Steps so far, be they epochs or batches.", .returns = "an integer"})
        .method("get_last_lr", [](Call& call) { return call.push(rates_of(call.object<SchedulePtr>(1))); },
                {.summary = "The rates as they are now.",
                 .returns = "a list of numbers, one for each group; empty before it is bound",
                 .example = "cosine:get_last_lr()",
                 .source = "torch.optim.lr_scheduler"})
        .method("bind", bind_schedule,
                {.summary = "One like it, from the beginning, of this optimiser; its rates are set at once.",
                 .returns = "a Scheduler",
                 .example = "optim.CosineAnnealingLR { T_max = 10 }:bind(adamw)",
                 .source = "Lumir's own",
                 .parameters = {argument("optimizer", "Optimizer", "whose rates it is to set")}})
        .method(
            "step", step_schedule,
            {.summary = "The next epoch, or the next batch: whichever is counted. ReduceLROnPlateau wants to be told "
                        "how well it goes.",
             .returns = "nothing",
             .example = "cosine:step()",
             .source = "torch.optim.lr_scheduler",
             .parameters = {argument("metric", "number", "for ReduceLROnPlateau", kPlace)}})
        .method(
            "state_dict", [](Call& call) { return state_dict(call, *call.object<SchedulePtr>(1)); },
            state_words("cosine", "What it counts and keeps"))
        .method(
            "load_state_dict", [](Call& call) { return load_state_dict(call, *call.object<SchedulePtr>(1)); },
            load_words("cosine"));

struct NormOptions {
  double norm_type = 2;
  static Schema schema() {
    return {Option{"norm_type", &NormOptions::norm_type,
                   "2 for the length, 1 for the sum of absolute values, math.huge for the largest",
                   Range{above(0), kInfinity}}};
  }
};

int clip_grad_norm(Call& call) {
  const auto options = call.options<NormOptions>(3);
  return call.push(optim::clip_grad_norm(tensors_at(call, 1), call.number(2, "max_norm"), options.norm_type));
}

int clip_grad_value(Call& call) {
  optim::clip_grad_value(tensors_at(call, 1), call.number(2, "value"));
  return 0;
}

const lua::Module optim_module =
    lua::Module("optim",
                [](ModuleTable& module) {
                  for (const Entry* entry : entries("optim")) {
                    if (optim::is_optimizer(*entry)) {
                      module.function(entry->name, [entry](Call& call) { return make_optimizer(call, *entry); });
                    }
                    if (optim::is_schedule(*entry)) {
                      module.function(entry->name, [entry](Call& call) { return make_schedule(call, *entry); });
                    }
                  }
                })
        .function("clip_grad_norm", clip_grad_norm,
                  {.summary = "Scales gradients so that the norm of all of them together is at most max_norm.",
                   .returns = "the norm before, a number",
                   .example = "optim.clip_grad_norm({ w }, 1)",
                   .source = "torch.nn.utils.clip_grad_norm_",
                   .parameters = with_arguments({parameters_argument("whose gradients"),
                                                 argument("max_norm", "number", "the largest norm", kPositive)},
                                                schema_of<NormOptions>())})
        .function("clip_grad_value", clip_grad_value,
                  {.summary = "Cuts every number of a gradient to within +-value.",
                   .returns = "nothing",
                   .example = "optim.clip_grad_value({ w }, 0.5)",
                   .source = "torch.nn.utils.clip_grad_value_",
                   .parameters = {parameters_argument("whose gradients"),
                                  argument("value", "number", "the largest number", kPositive)}});

}  // namespace
}  // namespace lumir::lua
