// How networks of a report were trained: curves, what nn.fit was asked for, the parts of a loop of one's own.

#include <algorithm>
#include <map>

#include "api/report.h"
#include "augment/batch_effect.h"
#include "bind/text.h"
#include "core/registry.h"
#include "data/dataset.h"
#include "evaluate/cross_validate.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "report/curve.h"

namespace lumir::lua {
namespace {

/// The curves of each setting's folds, in the order of settings.
std::vector<std::pair<std::string, std::vector<const report::Curve*>>> curves_by_setting(const Folded& folded) {
  std::vector<std::pair<std::string, std::vector<const report::Curve*>>> all;
  for (const auto& training : folded.trainings) {
    if (all.empty() || all.back().first != training.setting) all.push_back({training.setting, {}});
    all.back().second.push_back(training.curve.get());
  }
  return all;
}

/// A number or a text of Lua's.
std::string show_setting(lua_State* L, int at) {
  return lua_type(L, at) == LUA_TNUMBER ? show_number(lua_tonumber(L, at)) : text_at(L, at);
}

/// A value as a slide shows it, objects as they print; empty for what says nothing (false, a function, an empty list).
std::string setting_text(lua_State* L, int at) {
  if (lua_isboolean(L, at)) return lua_toboolean(L, at) ? "yes" : "";
  if (lua_type(L, at) == LUA_TNUMBER || lua_type(L, at) == LUA_TSTRING) return show_setting(L, at);
  if (lua_istable(L, at)) {
    std::string text;
    for (int i = 1; i <= static_cast<int>(lua_objlen(L, at)); ++i) {
      lua_rawgeti(L, at, i);
      const std::string one = setting_text(L, lua_gettop(L));
      lua_pop(L, 1);
      if (!one.empty()) text += (text.empty() ? "" : ", ") + one;
    }
    return text;
  }
  const bool data = test_object<data::Dataset>(L, at) || test_object<data::Table>(L, at);
  if (lua_type(L, at) != LUA_TUSERDATA || data || !luaL_callmeta(L, at, "__tostring")) return "";
  const std::string text = text_at(L, -1);
  lua_pop(L, 1);
  return text;
}

/// Whether the value on top of the stack is what nn.fit takes where that option is not given.
bool is_default(lua_State* L, const std::string& name) {
  const int type = lua_type(L, -1);
  const Entry* fit = find_entry("nn.fit");
  if (!fit || (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TBOOLEAN)) return false;
  return std::any_of(fit->parameters.begin(), fit->parameters.end(), [&](const Parameter& option) {
    return option.name == name && option.default_value == to_value(L, -1, name);
  });
}

/// How nn.fit was asked to train: of the table `options` of what it answers, by name, what it would not have done
/// anyway.
std::vector<report::Fact> training_facts(lua_State* L, int at) {
  const int top = lua_gettop(L);
  std::map<std::string, std::string> facts;
  lua_getfield(L, at, "options");
  for (lua_pushnil(L); lua_istable(L, -2) && lua_next(L, -2); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || is_default(L, text_at(L, -2))) continue;
    const bool refused = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    const std::string text = refused ? "no" : setting_text(L, lua_gettop(L));
    if (!text.empty()) facts[text_at(L, -2)] = text;
  }
  lua_settop(L, top);
  return {facts.begin(), facts.end()};
}

/// A curve is drawn when all is known.
void add_curve(const report::CurvePtr& curve, Parts& parts) {
  parts.trained.push_back({.curve = curve, .figure = parts.experiment.figures.size()});
}

/// What nn.fit answers: its curve is shown, and how it trained.
bool add_fit(Call& call, int at, Parts& parts) {
  if (!call.is_table(at)) return false;
  lua_pushliteral(call.L, "curve");
  lua_rawget(call.L, at);
  const auto* curve = test_object<report::CurvePtr>(call.L, lua_gettop(call.L));
  if (curve) add_curve(*curve, parts);
  lua_pop(call.L, 1);
  if (!curve) return false;
  Trained& trained = parts.trained.back();
  lua_getfield(call.L, at, "best_epoch");
  trained.best_epoch = static_cast<int>(lua_tonumber(call.L, -1));
  lua_getfield(call.L, at, "net");
  if (const auto* network = test_object<nn::ModulePtr>(call.L, lua_gettop(call.L))) trained.network = *network;
  lua_pop(call.L, 2);
  if (auto facts = training_facts(call.L, at); !facts.empty()) {
    trained.facts = parts.experiment.trainings.size();
    parts.experiment.trainings.push_back(std::move(facts));
  }
  return true;
}

/// An optimiser, a schedule, a loss or an effect on batches of a loop of one's own: as it prints.
bool add_part_of_training(Call& call, int at, report::Experiment& experiment) {
  std::string what;
  if (test_object<optim::OptimizerPtr>(call.L, at)) what = "optimizer";
  if (test_object<optim::SchedulePtr>(call.L, at)) what = "schedule";
  if (test_object<augment::BatchEffectPtr>(call.L, at)) what = "augment";
  if (what.empty()) return false;
  if (experiment.trainings.empty()) experiment.trainings.emplace_back();
  experiment.trainings.back().emplace_back(what, setting_text(call.L, at));
  return true;
}

/// What tells the trainings apart: the results of their networks, else a number; nothing for the only one.
std::vector<std::string> names_of(const std::vector<Trained>& trained, const std::vector<JudgedPtr>& tables) {
  std::vector<std::string> names(trained.size());
  for (size_t i = 0; trained.size() > 1 && i < trained.size(); ++i) {
    const std::string name = judged_name(trained[i].network, tables), number = "training " + std::to_string(i + 1);
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    names[i] = name.empty() ? number : known ? name + ", " + number : name;
  }
  return names;
}

}  // namespace

void add_folds(const Folded& folded, report::Experiment& experiment) {
  experiment.folds = folded.scores.table();
  for (const auto& [setting, curves] : curves_by_setting(folded)) {
    for (const auto& figure : report::figures_of(curves, setting)) experiment.figures.push_back(figure);
  }
  for (const auto& training : folded.trainings) {
    auto found = report::overfitting_of(*training.curve, training.best_epoch, training.of);
    if (found) experiment.overfitting.push_back(std::move(*found));
  }
}

bool add_training(Call& call, int at, Parts& parts) {
  if (const auto* curve = test_object<report::CurvePtr>(call.L, at)) return add_curve(*curve, parts), true;
  return add_part_of_training(call, at, parts.experiment) || add_fit(call, at, parts);
}

void add_curves(Parts& parts, const std::vector<JudgedPtr>& tables) {
  auto& experiment = parts.experiment;
  const auto names = names_of(parts.trained, tables);
  for (size_t i = 0; i < names.size(); ++i) {
    const Trained& one = parts.trained[i];
    if (one.facts && !names[i].empty()) {
      auto& facts = experiment.trainings[*one.facts];
      facts.emplace(facts.begin(), "training of", names[i]);
    }
    auto found = report::overfitting_of(*one.curve, one.best_epoch, names[i]);
    if (found) experiment.overfitting.push_back(std::move(*found));
  }
  for (size_t i = names.size(); i-- > 0;) {  // from the last: places before it stay
    const auto figures = parts.trained[i].curve->figures(names[i]);
    const auto place = experiment.figures.begin() + static_cast<long>(parts.trained[i].figure);
    experiment.figures.insert(place, figures.begin(), figures.end());
  }
}

}  // namespace lumir::lua
