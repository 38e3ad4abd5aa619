// What evaluate.by_group (lua/lumir/by_group.lua) asks of the engine.

#include "api/results.h"
#include "evaluate/kinds.h"

namespace lumir::lua {
namespace {

/// core.shares_by_kind(results, { id = word }): { share, count } by word.
int shares_by_kind(Call& call) {
  const auto& results = call.object<JudgedPtr>(1, "results")->results;
  need_classes(results, "by_group");
  std::map<std::string, std::string> word_of;
  for (const auto& [id, word] : call.map(2, "words")) {
    if (!word.text()) {
      throw ArgumentError("by_group: the group of '" + id + "' must be a word or a number, got " + show(word));
    }
    word_of[id] = *word.text();
  }
  Map shares;
  for (const auto& [word, kind] : evaluate::kinds_of(results, word_of)) {
    shares[word] = Map{{"share", kind.share()}, {"count", static_cast<double>(kind.right.size())}};
  }
  return call.push(Value(shares));
}

const Module core_module("core", [](ModuleTable& module) { module.function("shares_by_kind", shares_by_kind); });

}  // namespace
}  // namespace lumir::lua
