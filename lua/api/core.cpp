// The functions of `lumir` itself: chains, seeds, help, the run, and the text tools that its Lua half builds on.

#include <chrono>
#include <filesystem>
#include <system_error>

#include "api/run.h"
#include "bind/bind.h"
#include "bind/owned.h"
#include "bind/run.h"
#include "bind/state.h"
#include "bind/step.h"
#include "core/file.h"
#include "core/help.h"
#include "core/names.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/step.h"
#include "core/terminal.h"
#include "core/type.h"
#include "core/version.h"
#include "data/sample.h"
#include "report/run_record.h"
#include "signal/kernel.h"
#include "tensor/fused.h"
#include "tree.h"

namespace lumir::lua {

Run& run_of(lua_State* L) { return owned_by<Run>(L); }

namespace {

std::vector<std::function<void(uint64_t)>>& seed_listeners() {
  static std::vector<std::function<void(uint64_t)>> all;
  return all;
}

int seed(Call& call) {
  const auto number = static_cast<uint64_t>(call.integer(1, "seed", 0, 4294967295));
  set_global_seed(number);
  for (const auto& listener : seed_listeners()) listener(number);
  return 0;
}

int threads(Call& call) {
  if (!call.missing(1)) set_thread_count(static_cast<int>(call.integer(1, "threads", 1, 1024)));
  return call.push(thread_count());
}

int names_of_module(Call& call) {
  List names;
  for (const Entry* entry : entries(call.is_nil(1) ? "" : call.text(1))) names.push_back(entry->full_name());
  return call.push(Value(names));
}

List list_of(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

/// How a member of a type is written; "function" for all else.
std::string form_of(const Entry& entry) {
  const Type* type = find_type(entry.module);
  if (!type) return "function";
  const auto found = type->members.find(entry.name);
  if (found == type->members.end() || found->second == Form::method) return "method";
  return found->second == Form::field ? "field" : "operation";
}

int words_of_entry(Call& call) {
  const std::string name = call.text(1, "name");
  const Entry* entry = find_entry(name);
  if (!entry) throw ArgumentError("words: nothing is called '" + name + "'");
  const Words& words = entry->words;
  List parameters;
  for (const auto& parameter : entry->parameters) {
    parameters.push_back(Map{{"name", parameter.name},
                             {"type", parameter.type},
                             {"text", parameter.help},
                             {"unit", parameter.unit},
                             {"limits", limits_of(parameter)},
                             {"positional", parameter.place.positional},
                             {"required", parameter.place.required},
                             {"default", parameter.default_value},
                             {"choices", list_of(parameter.choices)}});
  }
  return call.push(Value(Map{{"summary", words.summary},
                             {"written", written_as(*entry)},
                             {"form", form_of(*entry)},
                             {"input", words.input},
                             {"step", is_step(name)},
                             {"returns", words.returns},
                             {"example", words.example},
                             {"source", words.source},
                             {"file", entry->file},
                             {"line", entry->line},
                             {"parameters", parameters}}));
}

/// core.type(name): what a type is, and what examples call an object of it; nothing for what is none.
int type_called(Call& call) {
  const Type* type = find_type(call.text(1, "name"));
  if (!type) return 0;
  return call.push(Value(Map{{"summary", type->summary}, {"variable", type->variable}}));
}

List type_names() {
  List names;
  for (const Type* type : types()) names.emplace_back(type->name);
  return names;
}

const Module lumir_module =
    Module("lumir", open_steps)
        .function(
            "seed", seed,
            {.summary = "Starts all random numbers anew: Lumir's own and LibTorch's. The same seed gives the same "
                        "numbers; Lumir's own do not depend on the number of threads.",
             .returns = "nothing",
             .example = "lumir.seed(5)",
             .source = "Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (2011)",
             .parameters = {argument("seed", "integer", "another number, other draws", Range{0, 4294967295.0})}})
        .function("threads", threads,
                  {.summary = "How many threads the engine computes with; sets it first where a number is given.",
                   .returns = "an integer",
                   .example = "lumir.threads()",
                   .source = "Lumir's own",
                   .parameters = {argument("threads", "integer", "from now on", Range{1, 1024}, kPlace)}});

/// What only Lumir's own Lua sees.
const Module core_module("core", [](ModuleTable& module) {
  module.function("help", [](Call& call) { return call.push(help_text(call.text(1, "name"))); });
  module.function("for_terminal", [](Call& call) { return call.push(for_terminal(call.text(1, "text"))); });
  module.function("members", [](Call& call) { return call.push(Value(list_of(member_names()))); });
  module.function("type", type_called);
  module.function("types", [](Call& call) { return call.push(Value(type_names())); });
  module.function("names", names_of_module);
  module.function("words", words_of_entry);
  module.function("described", [](Call& call) { return call.push(find_entry(call.text(1, "name")) != nullptr); });
  module.function("refuse", [](Call& call) -> int { throw ArgumentError(call.text(1)); });
  module.function("fail", [](Call& call) -> int { throw Error(call.text(1)); });  // nobody's code is at fault
  module.function("did_you_mean", [](Call& call) {
    std::vector<std::string> names;
    const Value list = call.value(2);
    if (list.list()) {
      for (const auto& name : *list.list()) names.push_back(name.text() ? *name.text() : "");
    }
    return call.push(did_you_mean(call.text(1), names));
  });
  module.function("known_options", [](Call& call) {
    std::vector<std::string> names;
    for (const auto& name : call.list(2, "names")) names.push_back(name.text() ? *name.text() : "");
    return call.push(known_names(call.text(1), names, "its options are", "its option is"));
  });
  module.function("show", [](Call& call) { return call.push(show(call.value(1))); });
  module.function("to_json", [](Call& call) { return call.push(to_json(call.value(1), 2)); });
  module.function("from_json", [](Call& call) { return call.push(from_json(call.text(1), call.text(2, "name"))); });
  module.function("embedded", [](Call& call) { return call.push(std::string(embedded(call.text(1, "path")))); });
  module.function("embedded_below",
                  [](Call& call) { return call.push(Value(list_of(embedded_below(call.text(1, "folder"))))); });
  module.function("read_file", [](Call& call) { return call.push(read_file(call.text(1, "path"))); });
  module.function("is_folder", [](Call& call) {
    std::error_code problem;
    return call.push(std::filesystem::is_directory(call.text(1, "path"), problem));
  });
  module.function("is_file", [](Call& call) {
    std::error_code problem;
    return call.push(std::filesystem::is_regular_file(call.text(1, "path"), problem));
  });
  // core.write_file(path, text, lasting): what can be written again need not be on the disk at once (lasting = false)
  module.function("write_file", [](Call& call) {
    const bool lasting = call.missing(3) || lua_toboolean(call.L, 3) != 0;
    write_file(call.text(1, "path"), call.text(2, "text"), lasting ? Sync::yes : Sync::no);
    return 0;
  });
  module.function("check_output", [](Call& call) {
    std::vector<std::string> inputs;
    for (int i = 2; !call.missing(i); ++i) inputs.push_back(call.text(i, "input"));
    check_output(call.text(1, "path"), inputs);
    return 0;
  });
  module.function("level", [](Call& call) { return call.push(signal::level_name()); });
  module.function("version", [](Call& call) { return call.push(version()); });
  module.function("root", [](Call& call) { return call.push(std::string(LUMIR_ROOT)); });
  module.function("recipe", [](Call& call) {
    List args;
    for (const auto& argument : run_of(call.L).args) args.push_back(argument);
    return call.push(Value(Map{{"path", run_of(call.L).recipe}, {"args", args}, {"code", session_of(call.L).code}}));
  });
  module.function("run_to_resume", [](Call& call) {
    const auto number = static_cast<long>(call.number(1, "number"));
    return call.push(report::run_to_resume("runs", run_of(call.L).recipe, number));
  });
  module.function("use_fused_kernels", [](Call& call) {
    tensor::use_fused_kernels(lua_toboolean(call.L, 1) != 0);
    return 0;
  });
  module.function("now", [](Call& call) {
    using Seconds = std::chrono::duration<double>;
    return call.push(Seconds(std::chrono::steady_clock::now().time_since_epoch()).count());
  });
  module.function("kind", [](Call& call) { return call.push(kind_at(call.L, 1)); });
  module.function("is_sample", [](Call& call) { return call.push(data::is_sample(call.text(1))); });
  module.function("set_run", [](Call& call) {
    run_of(call.L).options = call.map(1, "options");
    run_of(call.L).flags = call.map(2, "flags");
    return 0;
  });
});

}  // namespace

void on_seed(std::function<void(uint64_t)> listener) { seed_listeners().push_back(std::move(listener)); }

}  // namespace lumir::lua
