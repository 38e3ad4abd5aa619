// What a recipe gives to a report, each thing put where its class says: datasets, chains, results, figures, options.
// Networks and trainings: report_networks.cpp, report_trainings.cpp.

#include <algorithm>
#include <map>
#include <numeric>

#include "api/report.h"
#include "api/run.h"
#include "api/table_figures.h"
#include "bind/run.h"
#include "bind/text.h"
#include "core/article.h"
#include "core/readable.h"
#include "core/text.h"
#include "data/dataset.h"
#include "data/table_rows.h"
#include "evaluate/compare.h"
#include "evaluate/cross_validate.h"
#include "evaluate/learning_curve.h"
#include "feature/plan/frames.h"
#include "nn/network.h"
#include "nn/summary.h"
#include "report/chain_words.h"
#include "report/described_panels.h"
#include "report/group_figures.h"
#include "report/score_figures.h"

namespace lumir::lua {
namespace {

using report::FigurePtr;

void add_options(Call& call, int at, report::Experiment& experiment) {
  for (lua_pushnil(call.L); lua_next(call.L, at); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) == LUA_TSTRING) {
      experiment.options[text_at(call.L, -2)] = to_value(call.L, lua_gettop(call.L), call.who());
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
  if (!songs.label().empty()) experiment.dataset.emplace_back("label", songs.label());
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

/// A list inside the list, and what stands in it: pictures that a loop has gathered ('object'), rows of numbers ('table').
std::string list_of_what(lua_State* L, int at) {
  if (!lua_istable(L, at)) return "";
  lua_rawgeti(L, at, 1);
  const int type = lua_type(L, -1);
  lua_pop(L, 1);
  return type == LUA_TUSERDATA ? "object" : type == LUA_TTABLE ? "table" : "";
}

[[noreturn]] void refuse_item(lua_State* L, int at) {
  const bool model = test_object<ModelPtr>(L, at) != nullptr;
  const std::string instead =
      model ? "; evaluate(model, data) gives the results that it shows"
            : "; it shows datasets, chains, results, networks, trainings, curves, figures and tables of options";
  throw ArgumentError("report: has no place for " + with_article(kind_at(L, at)) + instead);
}

void add_item(Call& call, int at, Parts& parts);

/// Datasets and tables, chains, networks: what an experiment was made of.
bool add_material(lua_State* L, int at, Parts& parts) {
  if (const auto* songs = test_object<data::Dataset>(L, at)) {
    if (!parts.songs) parts.songs = *songs;
    add_dataset(L, *songs, parts.experiment);
  } else if (const auto* table = test_object<data::Table>(L, at)) {
    const data::Table named = data::with_recordings(*table);
    if (named.songs) add_dataset(L, *named.songs, parts.experiment);
  } else if (const auto* chain = test_object<StepPtr>(L, at)) {
    parts.chains.push_back(*chain);
  } else if (const auto* network = test_object<nn::ModulePtr>(L, at)) {
    parts.networks.push_back(*network);
  } else if (const auto* summary = test_object<nn::Summary>(L, at)) {
    parts.experiment.networks.push_back(summary_table(*summary));
  } else {
    return false;
  }
  return true;
}

/// Results, rounds and figures: what came of it.
bool add_outcome(lua_State* L, int at, Parts& parts) {
  auto& experiment = parts.experiment;
  if (const auto* judged = test_object<JudgedPtr>(L, at)) {
    parts.judged.push_back(*judged);
  } else if (const auto* figure = test_object<FigurePtr>(L, at)) {
    experiment.figures.push_back(*figure);
  } else if (const auto* folded = test_object<FoldedPtr>(L, at)) {
    parts.folds.insert(parts.folds.end(), (*folded)->parts.begin(), (*folded)->parts.end());
    const Value settings = evaluate::to_value((*folded)->scores);
    parts.fold_scores.insert(parts.fold_scores.end(), settings.list()->begin(), settings.list()->end());
    add_folds(**folded, experiment);
  } else if (const auto* found = test_object<evaluate::CrossValidation>(L, at)) {
    experiment.rounds.push_back({found->model, evaluate::table_of(*found)});
    parts.fold_scores.push_back(evaluate::to_value(*found));
    run_record(L).add_seconds("fit " + found->model, found->fit_seconds());
  } else if (const auto* curve = test_object<evaluate::LearningCurve>(L, at)) {
    experiment.figures.push_back(report::figure_of(*curve));
  } else {
    return false;
  }
  return true;
}

/// Importances are drawn; a confusion matrix as numbers the results have as a figure.
void add_rows(const Value& rows, report::Experiment& experiment) {
  auto bars = importances_figure(rows);
  if (bars && experiment.importances) {
    experiment.figures.push_back(std::move(bars));
  } else if (bars) {
    experiment.importances = std::move(bars);
  }
}

/// A list inside the list: rows of numbers, or pictures that a loop has gathered, each for itself.
bool add_list(Call& call, int at, Parts& parts) {
  const std::string what = list_of_what(call.L, at);
  if (what == "table") add_rows(to_value(call.L, at, "report"), parts.experiment);
  if (what != "object") return !what.empty();
  const int n = list_length(call.L, at, "report", "a list");
  for (int i = 1; i <= n; ++i) {
    lua_rawgeti(call.L, at, i);
    add_item(call, lua_gettop(call.L), parts);
    lua_pop(call.L, 1);
  }
  return true;
}

/// One thing of the list that a recipe gives; what it is, its class says.
void add_item(Call& call, int at, Parts& parts) {
  if (add_material(call.L, at, parts) || add_outcome(call.L, at, parts)) return;
  if (add_training(call, at, parts) || add_list(call, at, parts)) return;
  if (!call.is_table(at)) refuse_item(call.L, at);
  add_options(call, at, parts.experiment);
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
    const std::string key = text_at(call.L, -2);
    if (key == "appendix" || key == "audio") {
      if (!lua_isboolean(call.L, -1)) throw ArgumentError("report: '" + key + "' must be true or false");
      (key == "appendix" ? parts.experiment.appendix : parts.audio) = lua_toboolean(call.L, -1) != 0;
      continue;
    }
    if (lua_type(call.L, -1) != LUA_TSTRING) throw ArgumentError("report: '" + key + "' must be text");
    parts.experiment.texts[key] = text_at(call.L, -1);
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
  add_curves(parts, tables);
  if (parts.songs && experiment.chains.size() == 1) {
    experiment.example = example_of(*parts.songs, experiment.chains.front().chain);
  }
  if (parts.songs && experiment.results) experiment.groups = report::group_figures(*experiment.results, *parts.songs);
  for (const auto& network : parts.networks) {
    experiment.networks.push_back(network_table(network, tables));
  }
  return tables;
}

}  // namespace lumir::lua
