// lumir.nn.profile: what each part of a network takes, in time and memory.
//
//   net:profile { 16, 1, 64, 126 }
//   nn.profile(net, x, { runs = 20, backward = false })

#include "nn/profile.h"

#include "api/nn.h"
#include "api/tensor.h"

namespace lumir::lua {
namespace {

Value rows_of(const nn::Profile& profile) {
  List rows;
  for (const auto& row : profile.rows) {
    rows.push_back(Map{{"name", row.path},
                       {"calls", row.calls},
                       {"forward", row.forward},
                       {"backward", row.backward},
                       {"memory", row.memory}});
  }
  return rows;
}

const Class<nn::Profile> profile_class =
    Class<nn::Profile>("Profile", "What each part of a network takes, in time and memory.",
                       "net:profile({ 4, 2 }, { runs = 1 })")
        .text([](const nn::Profile& profile) { return nn::show(profile); })
        .field("rows", rows_of,
               {.summary = "Every module with all that it holds, the network itself first.",
                .returns = "a list of tables: name, calls, forward and backward in s, memory in bytes"})
        .field("forward", [](const nn::Profile& profile) { return Value(profile.rows.at(0).forward); },
               {.summary = "How long the whole network takes forward.", .returns = "a number, s"})
        .field("backward", [](const nn::Profile& profile) { return Value(profile.rows.at(0).backward); },
               {.summary = "How long its gradients take.", .returns = "a number, s"})
        .field("memory", [](const nn::Profile& profile) { return Value(profile.rows.at(0).memory); },
               {.summary = "What is allocated between the way forward and the way back.",
                .returns = "a number of bytes; 0 on other devices than the processor"});

}  // namespace

int profile_of(Call& call) {
  const auto net = call.object<nn::ModulePtr>(1, "network");
  return call.push(nn::profile(net, example_at(call, 2, *net), call.options<nn::ProfileOptions>(3)));
}

namespace {

const lua::Module profile_module = lua::Module("nn").function(
    "profile", profile_of,
    {.summary = "What each part of a network takes for a batch, in time (forward, and backward from the sum of what "
                "comes out) and in memory that it leaves allocated; measured in the mode that the network is in, which "
                "is then as it was.",
     .returns = "a Profile, which prints as a table",
     .example = "nn.profile(nn.Linear(512, 20), { 8, 512 }, { runs = 2 })",
     .source = "torch.profiler and torch.utils.module_tracker, a line for each module",
     .parameters =
         with_arguments({argument("network", "Module", "what is looked at"),
                         argument("input", "list or Tensor", "the shape of a batch, a batch, or a list of tensors")},
                        schema_of<nn::ProfileOptions>())});

}  // namespace
}  // namespace lumir::lua
