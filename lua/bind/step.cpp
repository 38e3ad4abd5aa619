// Steps as Lua functions and as Lua objects.

#include "bind/step.h"

#include "bind/arguments.h"

namespace lumir::lua {
namespace {

int apply_step(Call& call) {
  const auto step = call.object<StepPtr>(1);
  push_any(call.L, call_step(*step, input_at(call, 2)));
  return 1;
}

const Class<StepPtr> step_class =
    Class<StepPtr>("Step", "Something to be done later, to one thing after another, with its options.", "step")
        .text([](const StepPtr& step) { return show_step(step); })
        .as_value([](const StepPtr& step) { return step->description(); })
        .field("name", [](const StepPtr& step) { return Value(step->name()); },
               {.summary = "Its registered name, with the module.", .returns = "text"})
        .field("options", [](const StepPtr& step) { return Value(step->options()); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .meta("__call", apply_step,
              {.summary = "Does it now.",
               .returns = "what help says of the step's name",
               .example = "step(clip)",
               .parameters = {argument("input", "value", "what it takes, such as a Clip or the path of a file")}});

void push_several(lua_State* L, std::any value) {
  auto& several = std::any_cast<Several&>(value);
  lua_createtable(L, static_cast<int>(several.size()), 0);
  for (size_t i = 0; i < several.size(); ++i) {
    push_any(L, std::move(several[i]));
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
}

const bool several_reach_lua = [] {
  register_any_pusher(typeid(Several), push_several);
  return true;
}();

}  // namespace

std::any input_at(Call& call, int i) {
  if (const ClassInfo* info = class_at(call.L, i)) return info->as_any(lua_touserdata(call.L, i));
  if (call.is_text(i)) return call.path(i);
  if (call.is_nil(i)) throw ArgumentError(call.who() + ": got nil; a misspelt name?");
  return call.value(i);
}

int call_step(Call& call, const Entry& entry) {
  refuse_module(call, entry);
  const bool options_alone = call.is_table(1) || call.is_nil(1) || (call.is_text(1) && takes_name(entry));
  const bool makes_step =
      call.count() == 0 || (call.count() == 1 && options_alone) || !positional(entry.parameters).empty();
  if (makes_step) return call.push(make_step(entry.full_name(), call_options(call, entry)));
  call.at_most(2);
  const StepPtr step = make_step(entry.full_name(), table_options(call, 2, entry));
  push_any(call.L, call_step(*step, input_at(call, 1)));
  return 1;
}

void open_steps(ModuleTable& module) {
  for (const Entry* entry : entries(module.name())) {
    if (!is_step(entry->full_name())) continue;
    module.function(entry->name, [entry](Call& call) { return call_step(call, *entry); });
  }
}

}  // namespace lumir::lua
