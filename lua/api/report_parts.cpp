// What a recipe gives to a report, each thing put where its class says: datasets, chains, results, networks, trainings,
// figures, options.

#include <algorithm>
#include <map>
#include <numeric>

#include "api/report.h"
#include "api/run.h"
#include "api/table_figures.h"
#include "augment/batch_effect.h"
#include "bind/run.h"
#include "core/readable.h"
#include "core/registry.h"
#include "core/text.h"
#include "data/dataset.h"
#include "data/table_rows.h"
#include "evaluate/compare.h"
#include "evaluate/cross_validate.h"
#include "evaluate/learning_curve.h"
#include "feature/plan/frames.h"
#include "nn/network.h"
#include "nn/summary.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "report/chain_words.h"
#include "report/curve.h"
#include "report/described_panels.h"
#include "report/group_figures.h"
#include "report/score_figures.h"
#include "tensor/show.h"

namespace lumir::lua {
namespace {

using report::FigurePtr;

void add_options(Call& call, int at, report::Experiment& experiment) {
  for (lua_pushnil(call.L); lua_next(call.L, at); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) == LUA_TSTRING) {
      experiment.options[lua_tostring(call.L, -2)] = to_value(call.L, lua_gettop(call.L), call.who());
    }
  }
}

/// The line of an audit where the folds of a search leak: what its models were judged on is another split.
std::string of_folds(std::string line) {
  const auto put = [&line](const std::string& words, const std::string& others) {
    if (const size_t at = line.find(words); at != std::string::npos) line.replace(at, words.size(), others);
  };
  put("LEAK: ", report::kFoldsLeak);
  put(": the scores are", ": its scores are");
  return line;
}

/// Names that say nothing but a number: "embedding_1", "embedding_2".
bool are_numbered(const std::vector<std::string>& columns) {
  if (columns.size() < 2) return false;
  const auto stem = [](const std::string& name) { return name.substr(0, name.find_last_not_of("0123456789") + 1); };
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    return stem(name).size() < name.size() && stem(name) == stem(columns.front());
  });
}

/// Once, however many parts of the experiment carry it.
void add_leak(const std::string& line, report::Experiment& experiment) {
  auto& leaks = experiment.leaks;
  if (std::find(leaks.begin(), leaks.end(), line) == leaks.end()) leaks.push_back(line);
}

void add_dataset(lua_State* L, const data::Dataset& songs, report::Experiment& experiment) {
  experiment.dataset = {{"corpus", songs.name()}, {songs.unit(), show_count(static_cast<long>(songs.size()))}};
  for (const char* column : {"artist", "album"}) {
    if (!songs.has_column(column)) continue;
    auto groups = songs.groups(column);
    std::sort(groups.begin(), groups.end());
    const auto n = std::unique(groups.begin(), groups.end()) - groups.begin();
    experiment.dataset.emplace_back(std::string(column) + "s", std::to_string(n));
  }
  const auto seconds = songs.seconds();
  const double length = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  if (length > 0) experiment.dataset.emplace_back("length", show_duration(length));
  experiment.dataset.emplace_back("label", songs.label());
  experiment.synthetic = experiment.synthetic || songs.synthetic();
  if (!songs.leak().empty()) add_leak(songs.leak(), experiment);
  // a split has said it already, in more words
  if (!run_record(L).value()["data"].is_nil()) return;
  run_record(L).set("data", Map{{"corpus", songs.name()}, {"root", songs.root()}, {"sha256", songs.hash()}});
}

void add_search(const std::string& name, const model::Searched& searched, report::Experiment& experiment) {
  report::SearchTable table;
  table.model = name;
  table.pipeline = searched.estimator;
  table.folds = searched.folds;
  table.group = searched.by;
  table.metric = searched.scoring;
  if (!searched.audit.words.empty()) table.audit = searched.audit.line();
  if (!searched.audit.clean()) add_leak(of_folds(searched.audit.line()), experiment);
  for (const auto& candidate : searched.candidates) {
    table.rows.push_back(
        {model::show_setting(candidate.setting), candidate.mean, candidate.sd, candidate.reason, candidate.setting});
  }
  experiment.searches.push_back(std::move(table));
}

/// "layer1", what it is, and how many parameters it has.
std::vector<std::string> part_row(const std::string& name, nn::Module& part) {
  const std::string shown = part.children().empty() ? part.show() : part.title();
  return {name, shown, show_count(static_cast<long>(nn::count_parameters(part)))};
}

/// Without those that stand in `known` already, with the same answers.
JudgedPtr without(const Judged& known, const JudgedPtr& judged) {
  auto rest = std::make_shared<Judged>(*judged);
  std::erase_if(rest->results.models, [&](const evaluate::ModelResult& model) {
    const auto there = [&](const evaluate::ModelResult& one) {
      return one.predicted == model.predicted && is_same(*known.models.at(one.name), *judged->models.at(model.name));
    };
    return std::any_of(known.results.models.begin(), known.results.models.end(), there);
  });
  return rest;
}

/// Results of the same recordings in one table each, in the order in which they were given.
std::vector<JudgedPtr> tables_of(const std::vector<JudgedPtr>& judged) {
  std::vector<JudgedPtr> tables;
  for (const auto& one : judged) {
    const auto fits = [&](const JudgedPtr& table) {
      return table == one || (!one->results.ids.empty() && evaluate::why_apart(table->results, one->results).empty());
    };
    const auto found = std::find_if(tables.begin(), tables.end(), fits);
    if (found == tables.end()) {
      tables.push_back(one);
    } else if (const auto rest = without(**found, one); !rest->results.models.empty()) {
      *found = together({*found, rest});
    }
  }
  return tables;
}

/// Searches of models, each once.
void add_searches(const Judged& judged, report::Experiment& experiment) {
  for (const auto& one : judged.results.models) {
    const auto& estimator = *judged.models.at(one.name)->estimator;
    const auto known = [&](const report::SearchTable& table) { return table.model == one.name; };
    if (std::any_of(experiment.searches.begin(), experiment.searches.end(), known)) continue;
    if (const auto* searched = estimator.searched()) add_search(one.name, *searched, experiment);
  }
}

/// The chains that the recipe names and those that fed the models, each once; one that goes on behind another (a scaler
/// that was fitted meanwhile) stands for both.
class Chains {
 public:
  void add(const StepPtr& chain, const std::string& model = "", const std::vector<std::string>& columns = {}) {
    report::ChainTable& table = table_of(chain);
    if (!columns.empty()) table.columns = columns.size();
    if (!columns.empty()) table.named = !are_numbered(columns);
    const auto& models = table.models;
    if (!model.empty() && std::find(models.begin(), models.end(), model) == models.end()) table.models.push_back(model);
  }
  std::vector<report::ChainTable> tables() const { return tables_; }

 private:
  report::ChainTable& table_of(const StepPtr& chain) {
    std::vector<std::string> keys, steps;
    for (const auto& step : chain ? steps_of(chain) : std::vector<StepPtr>{}) {
      keys.push_back(step->key());
      steps.push_back(show_step(step));
    }
    for (size_t i = 0; i < tables_.size(); ++i) {
      auto& known = keys_[i];
      const bool begins = known.size() <= keys.size() && std::equal(known.begin(), known.end(), keys.begin());
      if (known != keys && !(begins && !known.empty() && tables_[i].models.empty())) continue;
      known = keys;
      tables_[i].steps = steps;
      tables_[i].chain = chain;
      return tables_[i];
    }
    keys_.push_back(keys);
    return tables_.emplace_back(report::ChainTable{{}, steps, 0, chain});
  }
  std::vector<report::ChainTable> tables_;
  std::vector<std::vector<std::string>> keys_;
};

/// A row for each part; what a list of modules holds stands in its place.
void add_parts(const nn::Module& network, const std::string& above, std::vector<std::vector<std::string>>& rows) {
  for (const auto& child : network.children()) {
    const std::string name = above + child.name;
    if (child.module->name() == "ModuleList") {
      add_parts(*child.module, name + ".", rows);
    } else {
      rows.push_back(part_row(name, *child.module));
    }
  }
}

/// A row for all of a network, and one for each part.
report::NetworkTable network_table(const nn::ModulePtr& network, const std::string& name) {
  report::NetworkTable table{name, {"parameters"}, {part_row("all", *network)}};
  add_parts(*network, "", table.parts);
  return table;
}

/// A number of a table; nothing for none.
std::string count_text(int64_t number) { return number == 0 ? "" : show_count(static_cast<long>(number)); }

/// A row for each module that the network itself calls, with all that it holds.
report::NetworkTable summary_table(const nn::Summary& summary) {
  report::NetworkTable table{summary.rows.at(0).shown, {"output", "parameters", "mult-adds"}, {}};
  for (size_t i = 0; i < summary.rows.size(); ++i) {
    const auto& outer = summary.rows[i];
    if (i == 0 || !outer.called) continue;
    int64_t parameters = outer.parameters, mult_adds = outer.mult_adds;
    for (; i + 1 < summary.rows.size() && summary.rows[i + 1].depth > outer.depth; ++i) {
      parameters += summary.rows[i + 1].parameters;
      mult_adds += summary.rows[i + 1].mult_adds;
    }
    table.parts.push_back(
        {outer.path, outer.shown, tensor::show_shape(outer.output), count_text(parameters), count_text(mult_adds)});
  }
  table.remark = show_count(static_cast<long>(summary.parameters())) + " parameters, " +
                 show_count(static_cast<long>(summary.mult_adds())) + " multiplications with an addition for a batch.";
  return table;
}

/// What tables call a network: as in results, where it was judged.
std::string name_of(const nn::ModulePtr& network, const std::vector<JudgedPtr>& tables) {
  for (const auto& table : tables) {
    for (const auto& [name, learner] : table->models) {
      if (nn::module_of(*learner) == network) return name;
    }
  }
  return network->title();
}

/// Its figures, and what it says of overfitting; `best_epoch` is 0 where it is not known.
void add_curve(const report::Curve& curve, int best_epoch, report::Experiment& experiment) {
  for (const auto& figure : curve.figures()) experiment.figures.push_back(figure);
  if (auto found = report::overfitting_of(curve, best_epoch)) experiment.overfitting.push_back(std::move(*found));
}

/// The curves of each setting's folds, in the order of settings.
std::vector<std::pair<std::string, std::vector<const report::Curve*>>> curves_by_setting(const Folded& folded) {
  std::vector<std::pair<std::string, std::vector<const report::Curve*>>> all;
  for (const auto& training : folded.trainings) {
    if (all.empty() || all.back().first != training.setting) all.push_back({training.setting, {}});
    all.back().second.push_back(training.curve.get());
  }
  return all;
}

/// The table of the folds, and figures of their curves, of each setting the mean; run.json has the numbers.
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

/// A number or a text of Lua's.
std::string show_setting(lua_State* L, int at) {
  return lua_type(L, at) == LUA_TNUMBER ? show_number(lua_tonumber(L, at)) : lua_tostring(L, at);
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
  const std::string text = lua_tostring(L, -1);
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
    if (lua_type(L, -2) != LUA_TSTRING || is_default(L, lua_tostring(L, -2))) continue;
    const bool refused = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    const std::string text = refused ? "no" : setting_text(L, lua_gettop(L));
    if (!text.empty()) facts[lua_tostring(L, -2)] = text;
  }
  lua_settop(L, top);
  return {facts.begin(), facts.end()};
}

/// What nn.fit answers: its curve is shown, and how it trained.
bool add_training(Call& call, int at, report::Experiment& experiment) {
  if (!call.is_table(at)) return false;
  lua_pushliteral(call.L, "curve");
  lua_rawget(call.L, at);
  const auto* curve = test_object<report::CurvePtr>(call.L, lua_gettop(call.L));
  lua_pushliteral(call.L, "best_epoch");
  lua_rawget(call.L, at);
  if (curve) add_curve(**curve, static_cast<int>(lua_tonumber(call.L, -1)), experiment);
  lua_pop(call.L, 2);
  if (!curve) return false;
  if (auto training = training_facts(call.L, at); !training.empty())
    experiment.trainings.push_back(std::move(training));
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

/// A list inside the list, and what stands in it: pictures that a loop has gathered ('object'), rows of numbers ('table').
std::string list_of_what(lua_State* L, int at) {
  if (!lua_istable(L, at)) return "";
  lua_rawgeti(L, at, 1);
  const int type = lua_type(L, -1);
  lua_pop(L, 1);
  return type == LUA_TUSERDATA ? "object" : type == LUA_TTABLE ? "table" : "";
}

/// One thing of the list that a recipe gives; what it is, its class says.
void add_item(Call& call, int at, Parts& parts) {
  auto& experiment = parts.experiment;
  if (const auto* songs = test_object<data::Dataset>(call.L, at)) {
    if (!parts.songs) parts.songs = *songs;
    return add_dataset(call.L, *songs, experiment);
  }
  if (const auto* table = test_object<data::Table>(call.L, at)) {
    const data::Table named = data::with_recordings(*table);
    if (named.songs) add_dataset(call.L, *named.songs, experiment);
    return;
  }
  if (const auto* chain = test_object<StepPtr>(call.L, at)) return parts.chains.push_back(*chain);
  if (const auto* judged = test_object<JudgedPtr>(call.L, at)) return parts.judged.push_back(*judged);
  if (const auto* figure = test_object<FigurePtr>(call.L, at)) return experiment.figures.push_back(*figure);
  if (const auto* network = test_object<nn::ModulePtr>(call.L, at)) return parts.networks.push_back(*network);
  if (const auto* curve = test_object<report::CurvePtr>(call.L, at)) return add_curve(**curve, 0, experiment);
  if (const auto* summary = test_object<nn::Summary>(call.L, at)) {
    return experiment.networks.push_back(summary_table(*summary));
  }
  if (const auto* folded = test_object<FoldedPtr>(call.L, at)) {
    parts.folds.insert(parts.folds.end(), (*folded)->parts.begin(), (*folded)->parts.end());
    const Value settings = evaluate::to_value((*folded)->scores);
    parts.fold_scores.insert(parts.fold_scores.end(), settings.list()->begin(), settings.list()->end());
    return add_folds(**folded, experiment);
  }
  if (const auto* found = test_object<evaluate::CrossValidation>(call.L, at)) {
    experiment.rounds.push_back({found->model, evaluate::table_of(*found)});
    parts.fold_scores.push_back(evaluate::to_value(*found));
    run_record(call.L).add_seconds("fit " + found->model, found->fit_seconds());
    return;
  }
  if (const auto* curve = test_object<evaluate::LearningCurve>(call.L, at)) {
    return experiment.figures.push_back(report::figure_of(*curve));
  }
  if (add_part_of_training(call, at, experiment)) return;
  if (add_training(call, at, experiment)) return;
  if (const std::string what = list_of_what(call.L, at); !what.empty()) {
    if (what == "table") {  // importances are drawn; a confusion matrix as numbers the results have as a figure
      auto bars = importances_figure(to_value(call.L, at, "report"));
      if (bars && experiment.importances) experiment.figures.push_back(bars);
      if (bars && !experiment.importances) experiment.importances = std::move(bars);
      return;
    }
    const int n = list_length(call.L, at, "report", "a list");
    for (int i = 1; i <= n; ++i) {
      lua_rawgeti(call.L, at, i);
      add_item(call, lua_gettop(call.L), parts);
      lua_pop(call.L, 1);
    }
    return;
  }
  if (call.is_table(at)) return add_options(call, at, experiment);
  throw ArgumentError("report: has no place for a " + kind_at(call.L, at));
}

}  // namespace

bool is_same(const model::Model& a, const model::Model& b) {
  const auto network = nn::module_of(a);
  return a.estimator == b.estimator || (network && network == nn::module_of(b));
}

void add_record(const Value& record, report::Experiment& experiment) {
  const Value& split = record["split"];
  if (split.map()) experiment.split = {*split["rule"].text(), *split["audit"].text()};
  if (const std::string* leak = record["leak"].text()) add_leak(*leak, experiment);
  if (!record["leaks"].list()) return;
  for (const auto& one : *record["leaks"].list()) {
    const bool moved = one["moved"].boolean() && *one["moved"].boolean();
    experiment.leaked.push_back({*one["where"].text(), *one["kind"].text(), *one["train"].text(),
                                 *one["validation"].text(), moved ? "left out" : "left in"});
  }
}

void add_texts_and_items(Call& call, Parts& parts) {
  const int items = list_length(call.L, 2, "report", "the list");
  for (int i = 1; i <= items; ++i) {
    lua_rawgeti(call.L, 2, i);
    add_item(call, lua_gettop(call.L), parts);
    lua_pop(call.L, 1);
  }
  for (lua_pushnil(call.L); lua_next(call.L, 2); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) != LUA_TSTRING) continue;
    const std::string key = lua_tostring(call.L, -2);
    if (key == "appendix" || key == "audio") {
      if (!lua_isboolean(call.L, -1)) throw ArgumentError("report: '" + key + "' must be true or false");
      (key == "appendix" ? parts.experiment.appendix : parts.audio) = lua_toboolean(call.L, -1) != 0;
      continue;
    }
    if (lua_type(call.L, -1) != LUA_TSTRING) throw ArgumentError("report: '" + key + "' must be text");
    parts.experiment.texts[key] = lua_tostring(call.L, -1);
  }
}

/// The first recording as the chain hears it: its wave and the first rows at frequencies that a feature of the chain
/// makes of it. Null where the chain does not begin with sound or has no such feature, or the recording cannot be read
/// any more: the report goes without it.
FigurePtr example_of(const data::Dataset& songs, const StepPtr& chain) {
  const StepPtr load = report::step_called(chain, "load");
  if (!load || songs.size() == 0 || !songs.has_sound()) return nullptr;
  try {
    const std::any clip = call_step(*load, std::any(songs.column("path").front()));
    const auto& sound = input_as<audio::Clip>(clip, "report", "a clip");
    for (const auto& step : all_steps(chain)) {
      if (step->entry().words.input != "clip" || !step->inner().empty() || step->draws()) continue;
      const std::any found = call_step(*step, clip);
      const auto* frames = held_as<feature::Frames>(found);
      const AxesPtr axes = frames ? frames->parts[0].axes : nullptr;
      if (!axes || axes->rows_unit != "Hz" || axes->places.size() != frames->rows) continue;
      return report::example_figure(sound, frames->values, *axes, visible(songs.column("id").front()),
                                    songs.synthetic());
    }
  } catch (const Error&) {
  }
  return nullptr;
}

std::vector<JudgedPtr> finish(Parts& parts) {
  auto& experiment = parts.experiment;
  const auto tables = tables_of(parts.judged);
  Chains chains;
  for (const auto& chain : parts.chains) chains.add(chain);
  for (const auto& table : tables) {
    evaluate::Results results = table->results;
    for (auto& name : results.classes) name = visible(name);
    experiment.synthetic = experiment.synthetic || results.synthetic;
    for (const auto& one : results.models) {
      const ModelPtr& learner = table->models.at(one.name);
      chains.add(learner->chain, one.name, learner->columns);
    }
    add_searches(*table, experiment);
    if (!experiment.results) {
      experiment.results = std::move(results);
    } else {
      experiment.further.push_back(std::move(results));
    }
  }
  experiment.chains = chains.tables();
  if (parts.songs && experiment.chains.size() == 1) {
    experiment.example = example_of(*parts.songs, experiment.chains.front().chain);
  }
  if (parts.songs && experiment.results) experiment.groups = report::group_figures(*experiment.results, *parts.songs);
  for (const auto& network : parts.networks) {
    experiment.networks.push_back(network_table(network, name_of(network, tables)));
  }
  return tables;
}

}  // namespace lumir::lua
