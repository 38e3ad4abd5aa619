// optim.AveragedModel: averages of weights beside those that are trained.

#include "optim/averaged_model.h"

#include "api/optim.h"
#include "api/state.h"
#include "bind/arguments.h"
#include "core/makers.h"

namespace lumir::lua {
namespace {

using optim::AveragedModelPtr;
using optim::AverageOptions;

AveragedModelPtr bound_to(const optim::AveragedModel& averaged, const Value& parameters, const std::string& who) {
  return averaged.bind(parameters_from(parameters, who, averaged.options().use_buffers));
}

/// optim.AveragedModel(net, { decay = 0.999 }); with options only it is bound later.
int averaged_model(Call& call) {
  Map given = call_options(call, *find_entry("optim.AveragedModel"));
  const Value parameters = taken(given, "parameters");
  const auto made = std::make_shared<optim::AveragedModel>(read_options<AverageOptions>(given, call.who()));
  return call.push(parameters.is_nil() ? made : bound_to(*made, parameters, call.who()));
}

int bind(Call& call) { return call.push(bound_to(*call.object<AveragedModelPtr>(1), call.value(2), call.who())); }

int update(Call& call) {
  call.object<AveragedModelPtr>(1)->update();
  return 0;
}

int swap(Call& call) {
  call.object<AveragedModelPtr>(1)->swap();
  return 0;
}

std::string show_averaged(const AveragedModelPtr& averaged) {
  const std::string made = show_made(*find_entry("optim.AveragedModel"), write_options(averaged->options()));
  return averaged->bound() ? made + " of " + std::to_string(averaged->updates()) + " updates" : made;
}

const Class<AveragedModelPtr> averaged_class =
    Class<AveragedModelPtr>("AveragedModel", "Averages of weights beside those that are trained.", "averaged")
        .text(show_averaged)
        .field("options", [](const AveragedModelPtr& averaged) { return Value(write_options(averaged->options())); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .field("bound", [](const AveragedModelPtr& averaged) { return averaged->bound(); },
               {.summary = "Whether it has weights to average yet.", .returns = "a boolean"})
        .field("n_averaged", [](const AveragedModelPtr& averaged) { return Value(averaged->updates()); },
               {.summary = "How often update was called.", .returns = "an integer"})
        .field("swapped", [](const AveragedModelPtr& averaged) { return averaged->swapped(); },
               {.summary = "Whether the averages stand in the network.", .returns = "a boolean"})
        .method("bind", bind,
                {.summary = "One like it, of these weights.",
                 .returns = "an AveragedModel",
                 .example = "optim.AveragedModel { decay = 0.999 }:bind { w }",
                 .source = "Lumir's own",
                 .parameters = {argument("parameters", "Module or table of Tensor", "whose averages")}})
        .method("update", update,
                {.summary = "Takes the weights as they are now into the averages: after each step (exponential), or "
                            "after each epoch (plain).",
                 .returns = "nothing",
                 .example = "averaged:update()",
                 .source = "torch.optim.swa_utils.AveragedModel.update_parameters"})
        .method("swap", swap,
                {.summary = "Puts the averages into the network and keeps its weights; called again, puts those back. "
                            "Without use_buffers batch norms keep what they have counted: let them see the data once "
                            "more in training.",
                 .returns = "nothing",
                 .example = "averaged:update(); averaged:swap(); averaged:swap()",
                 .source = "Lumir's own"})
        .method("state_dict", [](Call& call) { return state_dict(call, *call.object<AveragedModelPtr>(1)); },
                {.summary = "The averages, as tensors by name: copies.",
                 .returns = "a table of Tensor by name",
                 .example = "averaged:state_dict()",
                 .source = "PyTorch's state_dict"})
        .method("load_state_dict", [](Call& call) { return load_state_dict(call, *call.object<AveragedModelPtr>(1)); },
                {.summary = "Goes on from a state that state_dict has given; all or nothing.",
                 .returns = "itself",
                 .example = "averaged:load_state_dict(averaged:state_dict())",
                 .source = "PyTorch's load_state_dict",
                 .parameters = {argument("state", "table of Tensor", "by name")}});

const Module averaged_module = Module("optim").function(
    "AveragedModel", averaged_model,
    {.summary = "Averages of the weights of a network, which often judge better than the weights themselves: "
                "exponential with `decay`, else the plain mean (stochastic weight averaging). nn.epochs keeps it among "
                "its parts; nn.fit { average = optim.AveragedModel { decay = 0.999 } } does all of it.",
     .returns = "an AveragedModel",
     .example = "optim.AveragedModel({ w }, { decay = 0.999 })",
     .source = "torch.optim.swa_utils.AveragedModel; Polyak and Juditsky (1992); Izmailov et al. (2018)",
     .parameters = with_arguments({argument("parameters", "Module or table of Tensor", "whose averages", kPlace)},
                                  schema_of<AverageOptions>())});

}  // namespace
}  // namespace lumir::lua
