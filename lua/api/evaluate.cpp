// lumir.evaluate: judging fitted models, and the text tools of submissions.

#include "api/learn.h"
#include "api/results.h"
#include "api/run.h"
#include "core/file.h"
#include "evaluate/compare.h"
#include "evaluate/submission.h"
#include "learn/grid_search.h"

namespace lumir::lua {
namespace {

/// { name = model }, sorted by name, or a list of models, named by their estimators.
std::vector<std::pair<std::string, LearnerPtr>> models_at(Call& call, int i) {
  if (!call.is_table(i)) call.wrong(i, "models", "a table of models");
  std::map<std::string, LearnerPtr> named;
  std::vector<std::pair<std::string, LearnerPtr>> models;
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    const auto* learner = test_object<LearnerPtr>(call.L, lua_gettop(call.L));
    if (!learner) throw ArgumentError(call.who() + ": 'models' must hold estimators, got " + kind_at(call.L, -1));
    if (lua_type(call.L, -2) == LUA_TSTRING) named[lua_tostring(call.L, -2)] = *learner;
  }
  for (const auto& [name, learner] : named) models.emplace_back(name, learner);
  for (int place = 1; place <= static_cast<int>(lua_objlen(call.L, i)); ++place) {
    lua_rawgeti(call.L, i, place);
    const LearnerPtr learner = *test_object<LearnerPtr>(call.L, lua_gettop(call.L));
    lua_pop(call.L, 1);
    std::string name = learn::show_estimator(*learner->estimator);
    const auto same = [&](const auto& model) { return model.first == name; };
    if (std::any_of(models.begin(), models.end(), same)) name += " #" + std::to_string(place);
    models.emplace_back(name, learner);
  }
  if (models.empty()) throw ArgumentError(call.who() + ": 'models' is empty");
  return models;
}

JudgedPtr judge(Call& call, const std::vector<std::pair<std::string, LearnerPtr>>& models, int data, int options_at) {
  const data::Table valid = described_at(call, data, "data");
  std::optional<data::Table> train;
  evaluate::CompareOptions options;
  if (!call.is_nil(options_at)) {
    if (!call.is_table(options_at)) call.wrong(options_at, "options", "a table");
    lua_getfield(call.L, options_at, "train");
    if (!lua_isnil(call.L, -1)) train = described_at(call, lua_gettop(call.L), "train");
    lua_pop(call.L, 1);
    Map rest;
    for (lua_pushnil(call.L); lua_next(call.L, options_at); lua_pop(call.L, 1)) {
      const std::string name = lua_type(call.L, -2) == LUA_TSTRING ? lua_tostring(call.L, -2) : "[1]";
      if (name != "train") rest[name] = to_value(call.L, lua_gettop(call.L), call.who());
    }
    options = read_options<evaluate::CompareOptions>(rest, call.who());
  }
  auto judged = std::make_shared<Judged>();
  std::vector<evaluate::Contender> contenders;
  for (const auto& [name, learner] : models) {
    fitted_classifier(*learner, valid, call.who());
    contenders.push_back({name, learner->model.classifier, learner->fit_seconds});
    judged->models[name] = learner;
  }
  judged->results = evaluate::compare(contenders, valid, train ? &*train : nullptr, options);
  if (recipe_is_running()) {
    run_record().set("results", evaluate::to_value(judged->results));
    run_record().write();
  }
  return judged;
}

Value interval(const evaluate::Interval& score) {
  return Map{{"value", score.value}, {"low", score.low}, {"high", score.high}};
}

/// { name, settings, accuracy, top_3 ..., model } of one model.
int push_model(Call& call, const Judged& judged, size_t place) {
  const auto& one = judged.results.models.at(place);
  Map fields{{"name", one.name}, {"settings", one.settings}, {"fit_seconds", one.fit_seconds},
             {"search_score", one.search_score}};
  Map intervals;
  for (const auto& [name, score] : one.valid) {
    fields[name] = score.value;
    intervals[name] = interval(score);
  }
  fields["intervals"] = intervals;
  List predicted;
  for (const int y : one.predicted) predicted.push_back(judged.results.classes.at(static_cast<size_t>(y)));
  fields["predicted"] = predicted;
  push_value(call.L, fields);
  push_object(call.L, judged.models.at(one.name));
  lua_setfield(call.L, -2, "model");
  return 1;
}

const Class<JudgedPtr> results_class =
    Class<JudgedPtr>("Results")
        .text([](const JudgedPtr& judged) { return evaluate::show(judged->results); })
        .field_with("best", [](Call& call) { return push_model(call, *call.object<JudgedPtr>(1), 0); })
        .field_with("models", [](Call& call) {
          const auto judged = call.object<JudgedPtr>(1);
          lua_newtable(call.L);
          for (size_t i = 0; i < judged->results.models.size(); ++i) {
            push_model(call, *judged, i);
            lua_rawseti(call.L, -2, static_cast<int>(i) + 1);
          }
          return 1;
        })
        .field("value", [](const JudgedPtr& judged) { return evaluate::to_value(judged->results); })
        .meta("__len", [](Call& call) { return call.push(call.object<JudgedPtr>(1)->results.models.size()); });

/// evaluate(model, data, { top = { 1, 3 } }): one model.
int evaluate_one(Call& call) {
  const auto learner = call.object<LearnerPtr>(1, "model");
  return call.push(judge(call, {{learner->estimator->name(), learner}}, 2, 3));
}

/// evaluate.check_submission(path, { ids = { ... }, classes = { ... }, ids_from = 'test', label = 'artist' }) -> lines
int check_submission(Call& call) {
  const std::string path = call.text(1, "path");
  const Map options = call.map(2, "options");
  evaluate::SubmissionRules rules;
  const auto words = [&](const char* name) -> std::optional<std::vector<std::string>> {
    const auto found = options.find(name);
    if (found == options.end() || !found->second.list()) return std::nullopt;
    std::vector<std::string> out;
    for (const auto& word : *found->second.list()) out.push_back(word.text() ? *word.text() : show(word));
    return out;
  };
  rules.ids = words("ids");
  rules.classes = words("classes");
  if (const auto from = options.find("ids_from"); from != options.end()) rules.ids_from = *from->second.text();
  const auto label = options.find("label");
  List lines;
  for (const auto& line : evaluate::check_submission(read_file(path), path, rules,
                                                     label == options.end() ? "artist" : *label->second.text())) {
    lines.push_back(line);
  }
  return call.push(Value(lines));
}

/// evaluate.score_submission(path, truth) -> { top_1, top_3, course, rows, missing, text }
int score_submission(Call& call) {
  const std::string path = call.text(1, "path"), truth = call.text(2, "truth");
  const auto score = evaluate::score_submission(read_file(path), path, read_file(truth), truth);
  return call.push(Value(Map{{"top_1", score.top_1},
                             {"top_3", score.top_3},
                             {"course", score.course()},
                             {"rows", score.rows},
                             {"missing", score.missing},
                             {"text", evaluate::show(score)}}));
}

/// evaluate.submission_text(model, table) -> text
int submission_text(Call& call) {
  const auto learner = call.object<LearnerPtr>(1, "model");
  const data::Table table = described_at(call, 2, "data");
  const Matrix scores = fitted_classifier(*learner, table, call.who()).scores(table.x);
  return call.push(evaluate::submission(table.ids, scores, learner->model.classes));
}

const Module evaluate_module("evaluate", [](ModuleTable& module) {
  module.call(evaluate_one);
  module.function("compare", [](Call& call) {
    call.at_most(3);
    return call.push(judge(call, models_at(call, 1), 2, 3));
  });
  module.function("check_submission", check_submission);
  module.function("score_submission", score_submission);
  module.function("submission_text", submission_text);
});

}  // namespace
}  // namespace lumir::lua
