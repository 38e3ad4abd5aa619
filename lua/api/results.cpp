// See results.h.

#include "api/results.h"

#include "api/run.h"
#include "evaluate/compare.h"

namespace lumir::lua {
namespace {

/// `headline` as `results`, and where there are several all of them, by the recordings that they are of.
void write_results(lua_State* L, const evaluate::Results& headline) {
  auto& record = run_record(L);
  record.set("results", evaluate::to_value(headline));
  List every;
  const auto sets = session_of(L).recordings.sets();
  for (size_t set = 0; set < sets.size(); ++set) {
    for (const auto& results : sets[set]) {
      Value one = evaluate::to_value(*results);
      (*one.map())["set"] = set + 1;
      every.push_back(one);
    }
  }
  record.remove("judged");
  if (every.size() > 1) record.set("judged", every);
  record.write();
  write_recordings(L);
}

}  // namespace

void need_classes(const evaluate::Results& results, const std::string& who) {
  if (results.target == Target::classes) return;
  throw ArgumentError(who + ": is of one class a row, and these results are of " + words_of(results.target));
}

JudgedPtr renamed(const Judged& judged, const std::string& name) {
  auto changed = std::make_shared<Judged>();
  changed->results = judged.results;
  const bool alone = judged.results.models.size() == 1;
  const auto called = [&](const std::string& old) { return alone ? name : name + ": " + old; };
  for (auto& model : changed->results.models) model.name = called(model.name);
  for (auto& difference : changed->results.differences) {
    difference.better = called(difference.better);
    difference.worse = called(difference.worse);
  }
  for (const auto& [old, learner] : judged.models) changed->models[called(old)] = learner;
  return changed;
}

JudgedPtr together(const std::vector<JudgedPtr>& parts) {
  if (parts.size() == 1) return parts.front();
  auto all = std::make_shared<Judged>();
  std::vector<evaluate::Results> results;
  for (const auto& part : parts) {
    results.push_back(part->results);
    for (auto& model : results.back().models) {
      const ModelPtr& learner = part->models.at(model.name);
      const std::string name = model.name;
      for (int n = 2; !all->models.emplace(model.name, learner).second; ++n) {
        model.name = name + " " + std::to_string(n);
      }
    }
  }
  all->results = evaluate::together(results);
  return all;
}

void record_results(lua_State* L, const JudgedPtr& judged) {
  if (!recipe_is_running(L)) return;
  session_of(L).recordings.judge({judged, &judged->results});
  write_results(L, judged->results);
}

void record_reported(lua_State* L, const std::vector<JudgedPtr>& all) {
  if (!recipe_is_running(L) || all.empty()) return;
  auto& recordings = session_of(L).recordings;
  recordings.forget_results();
  for (const auto& judged : all) recordings.judge({judged, &judged->results});
  write_results(L, all.front()->results);
}

}  // namespace lumir::lua
