// The functions of `lumir` itself: chains, seeds, help, the run, and the text tools that its Lua half builds on.

#include "bind/bind.h"
#include "bind/run.h"
#include "bind/step.h"
#include "core/file.h"
#include "core/help.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/version.h"
#include "signal/kernel.h"
#include "tree.h"

namespace lumir::lua {

Run& current_run() {
  static Run run;
  return run;
}

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

int names_of_module(Call& call) {
  List names;
  for (const Entry* entry : entries(call.is_nil(1) ? "" : call.text(1))) names.push_back(entry->full_name());
  return call.push(Value(names));
}

int words_of_entry(Call& call) {
  const std::string name = call.text(1, "name");
  const Entry* entry = find_entry(name);
  if (!entry) throw ArgumentError("words: nothing is called '" + name + "'");
  const Words& words = entry->words;
  return call.push(Value(Map{{"summary", words.summary},
                             {"returns", words.returns},
                             {"example", words.example},
                             {"source", words.source},
                             {"file", entry->file}}));
}

const Module core_module("core", [](ModuleTable& module) {
  module.function("chain", [](Call& call) { return call_step(call, *find_entry("lumir.chain")); });
  module.function("seed", seed);
  module.function("threads", [](Call& call) {
    if (!call.missing(1)) set_thread_count(static_cast<int>(call.integer(1, "threads", 1, 1024)));
    return call.push(thread_count());
  });
  module.function("help", [](Call& call) { return call.push(help_text(call.text(1, "name"))); });
  module.function("names", names_of_module);
  module.function("words", words_of_entry);
  module.function("did_you_mean", [](Call& call) {
    std::vector<std::string> names;
    const Value list = call.value(2);
    if (list.list()) {
      for (const auto& name : *list.list()) names.push_back(name.text() ? *name.text() : "");
    }
    return call.push(did_you_mean(call.text(1), names));
  });
  module.function("show", [](Call& call) { return call.push(show(call.value(1))); });
  module.function("to_json", [](Call& call) { return call.push(to_json(call.value(1), 2)); });
  module.function("from_json", [](Call& call) { return call.push(from_json(call.text(1), call.text(2, "name"))); });
  module.function("read_file", [](Call& call) { return call.push(read_file(call.text(1, "path"))); });
  module.function("write_file", [](Call& call) {
    write_file(call.text(1, "path"), call.text(2, "text"));
    return 0;
  });
  module.function("level", [](Call& call) { return call.push(signal::level_name()); });
  module.function("version", [](Call& call) { return call.push(version()); });
  module.function("root", [](Call& call) { return call.push(std::string(LUMIR_ROOT)); });
  module.function("recipe", [](Call& call) {
    List args;
    for (const auto& argument : current_run().args) args.push_back(argument);
    return call.push(Value(Map{{"path", current_run().recipe}, {"args", args}}));
  });
  module.function("set_run", [](Call& call) {
    current_run().options = call.map(1, "options");
    current_run().flags = call.map(2, "flags");
    return 0;
  });
});

}  // namespace

void on_seed(std::function<void(uint64_t)> listener) { seed_listeners().push_back(std::move(listener)); }

}  // namespace lumir::lua
