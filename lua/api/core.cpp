// The functions of `lumir` itself: chains, seeds, help, the run, and the text tools that its Lua half builds on.

#include <chrono>
#include <filesystem>
#include <system_error>

#include "bind/bind.h"
#include "bind/owned.h"
#include "bind/run.h"
#include "bind/step.h"
#include "core/file.h"
#include "core/help.h"
#include "core/names.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/terminal.h"
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

/// One argument of a function that is written in Lua.
struct WrittenParameter {
  std::string name, type, text, unit;
  Value default_value;
  bool optional = false;
  static Schema schema() {
    return {Option{"name", &WrittenParameter::name, "its name", kRequired},
            Option{"type", &WrittenParameter::type, "what it must be: 'number', 'table', 'Clip'", kRequired},
            Option{"text", &WrittenParameter::text, "what it means", kRequired},
            Option{"unit", &WrittenParameter::unit, "of a number"},
            Option{"default", &WrittenParameter::default_value, "makes it an option, which is given by name"},
            Option{"optional", &WrittenParameter::optional, "it may be left out"}};
  }
};

struct WrittenWords {
  std::string name, summary, returns, example, source;
  Value parameters = List{};
  static Schema schema() {
    return {Option{"name", &WrittenWords::name, "of the function, with its module: 'mine.loudest'", kRequired},
            Option{"summary", &WrittenWords::summary, "what it does, in a sentence", kRequired},
            Option{"returns", &WrittenWords::returns, "what it gives, with shape and unit"},
            Option{"example", &WrittenWords::example, "a call of it"},
            Option{"source", &WrittenWords::source, "paper or reference implementation"},
            Option{"parameters", &WrittenWords::parameters,
                   "its arguments in order, each { name, type, text, unit, default, optional } by these names",
                   Kind{"list of tables"}}};
  }
};

Schema schema_from(const Value& parameters) {
  Schema schema;
  for (const auto& row : parameters.list() ? *parameters.list() : List{}) {
    if (!row.map()) throw ArgumentError("doc: a parameter must be a table with named members, got " + show(row));
    const auto given = read_options<WrittenParameter>(*row.map(), "doc");
    const bool option = !given.default_value.is_nil();
    Parameter& parameter = schema.emplace_back();
    parameter.name = given.name;
    parameter.type = given.type;
    parameter.help = given.text;
    parameter.unit = given.unit;
    parameter.default_value = given.default_value;
    parameter.place = {.positional = !option, .required = !option && !given.optional};
  }
  return schema;
}

/// lumir.doc { name = 'mine.loudest', summary = ... }. A file that is loaded again says the same again.
int doc(Call& call) {
  const auto words = call.options<WrittenWords>(1);
  const size_t dot = words.name.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == words.name.size()) {
    throw ArgumentError("doc: 'name' = '" + words.name + "' needs a module before it: 'mine." + words.name + "'");
  }
  lua_Debug caller{};
  if (lua_getstack(call.L, 1, &caller)) lua_getinfo(call.L, "Sl", &caller);
  const std::string source = caller.source ? caller.source : "=?", file = source.substr(1);
  if (const Entry* entry = find_entry(words.name)) {
    if (entry->file == file) return 0;
    throw ArgumentError("doc: '" + words.name + "' is described already in " + entry->file);
  }
  register_entry(Entry{words.name.substr(0, dot), words.name.substr(dot + 1),
                       Words{words.summary, words.returns, words.example, words.source}, schema_from(words.parameters),
                       file, caller.currentline});
  return 0;
}

int names_of_module(Call& call) {
  List names;
  for (const Entry* entry : entries(call.is_nil(1) ? "" : call.text(1))) names.push_back(entry->full_name());
  return call.push(Value(names));
}

List list_of(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

int words_of_entry(Call& call) {
  const std::string name = call.text(1, "name");
  const Entry* entry = find_entry(name);
  if (!entry) throw ArgumentError("words: nothing is called '" + name + "'");
  const Words& words = entry->words;
  List parameters;
  for (const auto& parameter : entry->parameters) {
    parameters.push_back(Map{{"name", parameter.name},
                             {"type", parameter.type},
                             {"positional", parameter.place.positional},
                             {"default", parameter.default_value},
                             {"choices", list_of(parameter.choices)}});
  }
  return call.push(Value(Map{{"summary", words.summary},
                             {"returns", words.returns},
                             {"example", words.example},
                             {"source", words.source},
                             {"file", entry->file},
                             {"parameters", parameters}}));
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
                   .parameters = {argument("threads", "integer", "from now on", Range{1, 1024}, kPlace)}})
        .function("doc", doc,
                  {.summary = "Describes a function that is written in Lua, so that help and completion know it.",
                   .returns = "nothing",
                   .example = "lumir.doc { name = 'mine.loudest', summary = 'The loudest sample of a clip.' }",
                   .source = "Lumir's own",
                   .parameters = schema_of<WrittenWords>()});

/// What only Lumir's own Lua sees.
const Module core_module("core", [](ModuleTable& module) {
  module.function("help", [](Call& call) { return call.push(help_text(call.text(1, "name"))); });
  module.function("for_terminal", [](Call& call) { return call.push(for_terminal(call.text(1, "text"))); });
  module.function("members", [](Call& call) { return call.push(Value(list_of(member_names()))); });
  module.function("types", [](Call& call) { return call.push(Value(type_names())); });
  module.function("names", names_of_module);
  module.function("words", words_of_entry);
  module.function("described", [](Call& call) { return call.push(find_entry(call.text(1, "name")) != nullptr); });
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
  module.function("read_file", [](Call& call) { return call.push(read_file(call.text(1, "path"))); });
  module.function("is_folder", [](Call& call) {
    std::error_code problem;
    return call.push(std::filesystem::is_directory(call.text(1, "path"), problem));
  });
  module.function("write_file", [](Call& call) {
    write_file(call.text(1, "path"), call.text(2, "text"));
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
    return call.push(Value(Map{{"path", run_of(call.L).recipe}, {"args", args}}));
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
