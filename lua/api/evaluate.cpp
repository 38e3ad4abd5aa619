// lumir.evaluate: judging fitted models, and the text tools of submissions.

#include <algorithm>

#include "api/learn.h"
#include "api/results.h"
#include "api/run.h"
#include "bind/text.h"
#include "core/file.h"
#include "evaluate/compare.h"
#include "evaluate/made_music.h"
#include "evaluate/submission.h"
#include "evaluate/tests_between.h"
#include "metric/classification_report.h"
#include "nn/network.h"

namespace lumir::lua {
namespace {

/// { name = model }, sorted by name, or a list of models, named by what they end in.
std::vector<std::pair<std::string, ModelPtr>> models_at(Call& call, int i, const data::Table* valid) {
  if (!call.is_table(i)) call.wrong(i, "models", "a table of models");
  std::map<std::string, ModelPtr> named;
  std::vector<std::pair<std::string, ModelPtr>> models;
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    const ModelPtr learner = find_model(call.L, lua_gettop(call.L), valid);
    if (!learner) throw ArgumentError(call.who() + ": 'models' must hold estimators, got " + kind_at(call.L, -1));
    if (lua_type(call.L, -2) == LUA_TSTRING) named[text_at(call.L, -2)] = learner;
  }
  for (const auto& [name, learner] : named) models.emplace_back(name, learner);
  const int length = list_length(call.L, i, call.who(), "'models'");
  for (int place = 1; place <= length; ++place) {
    lua_rawgeti(call.L, i, place);
    const ModelPtr learner = find_model(call.L, lua_gettop(call.L), valid);
    lua_pop(call.L, 1);
    std::string name = short_name(*learner->estimator);
    const auto same = [&](const auto& model) { return model.first == name; };
    if (std::any_of(models.begin(), models.end(), same)) name += " " + std::to_string(place);
    models.emplace_back(name, learner);
  }
  if (models.empty()) throw ArgumentError(call.who() + ": 'models' is empty");
  return models;
}

/// Argument i as what a model is judged on. Recordings that nothing describes yet are described as those were
/// that the model learnt from.
data::Table described_for(Call& call, int i, const char* name, const model::Model& learner) {
  const auto* songs = test_object<data::Dataset>(call.L, i);
  if (!songs || songs->chain() || !learner.chain) return described_at(call, i, name);
  if (model::draws(learner.chain)) {
    throw ArgumentError(call.who() + ": " + learner.estimator->title() +
                        " learnt from a chain that draws, which is none to judge by: '" + name + "' needs its own");
  }
  return songs->map(learner.chain).table();
}

/// One model is judged under the name that the recipe gives it.
struct EvaluateOptions : evaluate::CompareOptions {
  std::string name, settings;
  static Schema schema() {
    Schema schema = CompareOptions::schema();
    schema.insert(schema.begin(), Option{"settings", &EvaluateOptions::settings,
                                         "what tables say of how the model was made; empty: what it says itself"});
    schema.insert(schema.begin(), Option{"name", &EvaluateOptions::name,
                                         "what tables call the model; empty: what it ends in, or a network's class"});
    return schema;
  }
};

using Named = std::pair<std::string, ModelPtr>;

/// The table or dataset in the field `train` of argument 3; models that are not fitted yet learn from it.
std::optional<data::Table> train_for(Call& call, const std::vector<Named>& models) {
  if (!call.is_table(3)) return std::nullopt;
  lua_getfield(call.L, 3, "train");
  std::optional<data::Table> train;
  if (!lua_isnil(call.L, -1)) train = described_for(call, lua_gettop(call.L), "train", *models.front().second);
  lua_pop(call.L, 1);
  for (const auto& [name, learner] : models) {
    if (train && !learner->estimator->fitted()) model::fit(*learner, *train);
  }
  return train;
}

/// Has models keep the thresholds that are best on the table or dataset in the field `thresholds` of argument 3.
void choose_thresholds(Call& call, const std::vector<Named>& models, const evaluate::CompareOptions& options) {
  if (!call.is_table(3)) return;
  lua_getfield(call.L, 3, "thresholds");
  for (const auto& [name, learner] : models) {
    if (lua_isnil(call.L, -1)) break;
    const data::Table table = described_for(call, lua_gettop(call.L), "thresholds", *learner);
    learner->thresholds = evaluate::chosen_thresholds(*learner, table, options, call.who());
  }
  lua_pop(call.L, 1);
}

/// What models say of a table, and of what they were fitted on where that is given.
JudgedPtr judge(const std::vector<Named>& models, const data::Table& valid, const std::optional<data::Table>& train,
                const evaluate::CompareOptions& options) {
  auto judged = std::make_shared<Judged>();
  std::vector<evaluate::Contender> contenders;
  for (const auto& [name, learner] : models) {
    contenders.push_back({name, *learner});
    judged->models[name] = learner;
  }
  judged->results = evaluate::compare(contenders, valid, train ? &*train : nullptr, options);
  for (const auto& [name, learner] : models) {
    if (const auto network = nn::module_of(*learner)) {
      nn::remember_judged(*network, valid);
      nn::set_thresholds(*network, learner->thresholds);
    }
  }
  return judged;
}

/// True for a table that holds results: { CNN = a, SVM = b } or { a, b }.
bool holds_results(Call& call, int i) {
  if (!call.is_table(i)) return false;
  bool found = false;
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    found = found || test_object<JudgedPtr>(call.L, lua_gettop(call.L));
  }
  return found;
}

/// The results of such a table: by name, sorted by it, then those of the list.
std::vector<JudgedPtr> results_at(Call& call, int i) {
  std::map<std::string, JudgedPtr> named;
  std::map<lua_Number, JudgedPtr> listed;
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    const auto* judged = test_object<JudgedPtr>(call.L, lua_gettop(call.L));
    if (!judged) {
      throw ArgumentError(call.who() + ": results stand beside results only, got " + kind_at(call.L, -1) +
                          "; evaluate(model, data) makes them");
    }
    if (lua_type(call.L, -2) == LUA_TSTRING) {
      named[text_at(call.L, -2)] = *judged;
    } else {
      listed[lua_tonumber(call.L, -2)] = *judged;
    }
  }
  std::vector<JudgedPtr> parts;
  for (const auto& [name, judged] : named) parts.push_back(renamed(*judged, name));
  for (const auto& [place, judged] : listed) parts.push_back(judged);
  return parts;
}

/// evaluate.compare { CNN = a, SVM = b } of results; evaluate.compare({ CNN = net, SVM = svm }, data) of models.
int compare(Call& call) {
  call.at_most(3);
  JudgedPtr judged;
  if (holds_results(call, 1)) {
    call.at_most(1);
    judged = together(results_at(call, 1));
  } else {
    const auto models = models_at(call, 1, nullptr);  // what is wrong with them is said before anything is described
    const auto options = call.options<evaluate::CompareOptions>(3);
    const auto* songs = test_object<data::Dataset>(call.L, 2);
    if (songs && !songs->chain()) {
      std::vector<JudgedPtr> parts;  // each hears the recordings as it has learnt to
      for (const auto& one : models) {
        const auto train = train_for(call, {one});
        choose_thresholds(call, {one}, options);
        parts.push_back(judge({one}, described_for(call, 2, "data", *one.second), train, options));
      }
      judged = together(parts);
    } else {
      const data::Table valid = described_at(call, 2, "data");
      const auto contenders = models_at(call, 1, &valid);
      const auto train = train_for(call, contenders);
      choose_thresholds(call, contenders, options);
      judged = judge(contenders, valid, train, options);
    }
  }
  record_results(call.L, judged);
  return call.push(judged);
}

/// { name, settings, accuracy, top_3 ..., intervals, train, predicted, confusion, per_class, model } of one
/// model: as run.json has it, with every score by its own name.
int push_model(Call& call, const Judged& judged, size_t place) {
  const auto& one = judged.results.models.at(place);
  Value value = evaluate::to_value(one, judged.results);
  Map& fields = *value.map();
  fields["intervals"] = fields["valid"];
  fields.erase("valid");
  fields["fit_seconds"] = one.fit_seconds;
  for (const auto& [name, score] : one.valid) fields[name] = score.value;
  for (const auto& [name, score] : one.train) (*fields["train"].map())[name] = score.value;
  push_value(call.L, value);
  push_object(call.L, judged.models.at(one.name));
  lua_setfield(call.L, -2, "model");
  return 1;
}

const evaluate::ModelResult& model_called(const evaluate::Results& results, const std::string& name,
                                          const std::string& who) {
  std::vector<std::string> names;
  for (const auto& model : results.models) {
    if (model.name == name) return model;
    names.push_back(model.name);
  }
  throw ArgumentError(who + ": '" + name + "' is none of the models" + did_you_mean(name, names));
}

/// results:mcnemar('SVM', 'k-NN')
int mcnemar(Call& call) {
  call.at_most(3);
  const auto& results = call.object<JudgedPtr>(1)->results;
  need_classes(results, call.who());
  const auto& one = model_called(results, call.text(2, "one"), call.who());
  const auto& other = model_called(results, call.text(3, "other"), call.who());
  const auto found = evaluate::mcnemar(results.truth, one.predicted, other.predicted, true);
  return call.push(Value(Map{{"statistic", found.statistic}, {"p", found.p}, {"difference", found.difference}}));
}

/// results:classification_report 'SVM'
int classification_report(Call& call) {
  call.at_most(2);
  const auto& results = call.object<JudgedPtr>(1)->results;
  need_classes(results, call.who());
  const auto& model =
      call.missing(2) ? results.models.front() : model_called(results, call.text(2, "model"), call.who());
  return call.push(metric::classification_report(answers_of(results, model), results.classes));
}

const Class<JudgedPtr> results_class =
    Class<JudgedPtr>("Results",
                     "What models are worth on one table, with 95 % intervals; printed, the table of a recipe.",
                     "results")
        .text([](const JudgedPtr& judged) { return evaluate::show(judged->results); })
        .field_with("best", [](Call& call) { return push_model(call, *call.object<JudgedPtr>(1), 0); },
                    {.summary = "The best model by the first metric, ties by name.",
                     .returns = "a table: name, settings, accuracy, f1 and the other scores, intervals, train, "
                                "predicted, confusion, per_class, per_tag, model"})
        .field_with("models",
                    [](Call& call) {
                      const auto judged = call.object<JudgedPtr>(1);
                      lua_newtable(call.L);
                      for (size_t i = 0; i < judged->results.models.size(); ++i) {
                        push_model(call, *judged, i);
                        lua_rawseti(call.L, -2, static_cast<int>(i) + 1);
                      }
                      return 1;
                    },
                    {.summary = "Every model, best first.", .returns = "a list of tables as results.best is one"})
        .field(
            "value", [](const JudgedPtr& judged) { return evaluate::to_value(judged->results); },
            {.summary = "All of it as plain tables, as it stands in run.json.",
             .returns = "a table: models, differences, classes, ids, target, truth, label, group, metrics, rows, vote, "
                        "synthetic"})
        .method(
            "mcnemar", mcnemar,
            {.summary = "Whether one of two models has more right than the other beyond chance (exact test; what is "
                        "judged is taken for independent).",
             .returns = "a table: statistic, p (two-sided), difference of the shares of right answers",
             .example = "results:mcnemar('SVM', 'k-NN')",
             .source = "statsmodels' mcnemar",
             .parameters = {argument("one", "text", "its name in the results"),
                            argument("other", "text", "the other's")}})
        .method("classification_report", classification_report,
                {.summary = "Precision, recall, F1 and support of each class and their averages, as text.",
                 .returns = "text in scikit-learn's layout",
                 .example = "results:classification_report()",
                 .source = "scikit-learn's classification_report",
                 .parameters = {argument("model", "text", "its name in the results; the best without one", kPlace)}})
        .meta("__len", [](Call& call) { return call.push(call.object<JudgedPtr>(1)->results.models.size()); },
              {.summary = "How many models there are.", .returns = "an integer", .example = "#results"});

/// Folds of one setting are of one model, each on other recordings: two models side by side
/// are no cross-validation.
void check_fold(const Folded& folded, const Folded::Tested& fold) {
  const auto refuse = [](const std::string& what) {
    throw ArgumentError("add: Scores are of one model over folds, and " + what +
                        "; evaluate.compare { a, b } sets models side by side");
  };
  for (const auto& before : folded.tested) {
    if (before.setting != fold.setting) continue;
    if (before.model != fold.model) refuse(before.model + " and " + fold.model + " are two");
    const bool same_rows = !fold.ids.empty() && before.ids == fold.ids && before.paths == fold.paths;
    if (same_rows && before.options != fold.options) {
      refuse(fold.model + " (" + before.options + ") and " + fold.model + " (" + fold.options +
             ") were judged on the same recordings");
    }
  }
}

/// scores:add(results, run, 'lstm64'): the curve of what nn.fit answered is kept beside.
int add_fold(Call& call) {
  call.at_most(4);
  auto& folded = *call.object<FoldedPtr>(1);
  const std::string setting = call.is_nil(4) ? "" : call.text(4, "setting");
  const auto judged = call.object<JudgedPtr>(2, "results");
  const auto& results = judged->results;
  const auto& model = results.models.front();
  const Folded::Tested tested{setting, model.name, model.settings, results.ids, results.paths};
  check_fold(folded, tested);
  folded.scores.add(results, setting);
  folded.tested.push_back(tested);
  folded.parts.push_back(judged);
  if (!call.is_table(3)) return 0;
  lua_getfield(call.L, 3, "curve");
  if (const auto* curve = test_object<report::CurvePtr>(call.L, lua_gettop(call.L))) {
    const auto& settings = folded.scores.settings();
    const auto of =
        std::find_if(settings.begin(), settings.end(), [&](const auto& one) { return one.name() == setting; });
    const std::string fold = "fold " + std::to_string(of->folds().size());
    lua_getfield(call.L, 3, "best_epoch");
    folded.trainings.push_back(
        {setting, setting.empty() ? fold : setting + ", " + fold, *curve, static_cast<int>(lua_tonumber(call.L, -1))});
    lua_pop(call.L, 1);
  }
  lua_pop(call.L, 1);
  return 0;
}

/// What `settings` says of the only one, by name.
Value of_only_setting(const FoldedPtr& folded, const char* name) {
  const auto& settings = folded->scores.settings();
  if (settings.empty()) return Map{};
  if (settings.size() > 1) {
    throw ArgumentError(std::string(name) + ": there are " + std::to_string(settings.size()) +
                        " settings; scores.settings[1]." + name + " is that of the first");
  }
  return (*evaluate::to_value(folded->scores).list())[0][name];
}

std::string show_folded(const FoldedPtr& folded) {
  const auto& parts = folded->parts;
  const bool made =
      std::any_of(parts.begin(), parts.end(), [](const JudgedPtr& part) { return part->results.synthetic; });
  return evaluate::show(folded->scores) + (made ? std::string("\n") + evaluate::kMadeMusic : "");
}

const Class<FoldedPtr> folded_class =
    Class<FoldedPtr>("Scores", "What a model was worth on fold after fold; printed, a table with means.",
                     "evaluate.Scores()")
        .text(show_folded)
        .field("last", [](const FoldedPtr& folded) { return Value(folded->scores.last()); },
               {.summary = "The scores of the last fold in a line.", .returns = "text"})
        .field("mean", [](const FoldedPtr& folded) { return of_only_setting(folded, "mean"); },
               {.summary = "Means over the folds by metric.", .returns = "a table: accuracy, f1 ..."})
        .field("std", [](const FoldedPtr& folded) { return of_only_setting(folded, "std"); },
               {.summary = "Standard deviations over the folds (ddof 0) by metric.",
                .returns = "a table: accuracy, f1 ..."})
        .field("interval", [](const FoldedPtr& folded) { return of_only_setting(folded, "interval"); },
               {.summary = "Scores over the answers of all folds at once, with 95 % intervals by group.",
                .returns = "a table: accuracy, f1 ..., each { value, low, high }"})
        .field("settings", [](const FoldedPtr& folded) { return evaluate::to_value(folded->scores); },
               {.summary = "The same for each setting that was named.",
                .returns = "a list of tables: name, metrics, mean, std, interval"})
        .method("add", add_fold,
                {.summary =
                     "Takes in the results of one more fold; where settings are named, the table has a row of each. An "
                     "error for those of another model.",
                 .returns = "nothing",
                 .example = "evaluate.Scores():add(results)",
                 .parameters = {argument("results", "Results", "of the fold"),
                                argument("run", "table", "what nn.fit answered: its curve goes to the report", kPlace),
                                argument("setting", "text", "which model or feature it is: 'lstm64'", kPlace)}})
        .meta("__len", [](Call& call) { return call.push(call.object<FoldedPtr>(1)->scores.folds()); },
              {.summary = "How many folds there are.", .returns = "an integer", .example = "#evaluate.Scores()"});

/// evaluate(model, data, { name = 'CNN', top = { 1, 3 } }): one model.
int evaluate_one(Call& call) {
  call.at_most(3);
  auto options = call.options<EvaluateOptions>(3);
  if (options.metrics.empty() && options.top.empty()) options.top = evaluate::kUsualTop;
  const data::Table valid = described_for(call, 2, "data", *model_at(call, 1, nullptr));
  const auto learner = model_at(call, 1, &valid);
  const std::string name = options.name.empty() ? short_name(*learner->estimator) : options.name;
  const std::vector<Named> models{{name, learner}};
  const auto train = train_for(call, models);
  choose_thresholds(call, models, options);
  const auto judged = judge(models, valid, train, options);
  if (!options.settings.empty()) judged->results.models.front().settings = options.settings;
  record_results(call.L, judged);
  return call.push(judged);
}

/// evaluate.check_submission(path, { ids = { ... }, classes = { ... }, ids_from = 'test' })
/// -> lines, number of rows
int check_submission(Call& call) {
  const std::string path = call.path(1), text = read_file(path);
  const auto rules = call.options<evaluate::SubmissionRules>(2);
  List lines;
  for (const auto& line : evaluate::check_submission(text, path, rules)) lines.push_back(line);
  call.push(Value(lines));
  call.push(evaluate::submission_rows(text, path));
  return 2;
}

/// evaluate.score_submission(path, truth) -> { top_1, top_3, course, rows, missing, text }
int score_submission(Call& call) {
  const std::string path = call.path(1), truth = call.path(2, "truth");
  const std::string text = read_file(path), truth_text = read_file(truth);
  const auto score = evaluate::score_submission(text, path, truth_text, truth);
  return call.push(Value(Map{{"top_1", score.top_1},
                             {"top_3", score.top_3},
                             {"course", score.course()},
                             {"rows", score.rows},
                             {"missing", score.missing},
                             {"text", evaluate::show(score)}}));
}

/// evaluate.submission_text(model, table, { path = 'out.json', vote }) -> text, number of recordings in it
int submission_text(Call& call) {
  call.at_most(3);
  const auto learner = model_at(call, 1, nullptr);
  const data::Table table = described_at(call, 2, "data");
  const auto options = call.options<evaluate::SubmissionOptions>(3);
  const std::string text =
      evaluate::submission(*learner, table, options, call.who(), evaluate::format_of(options.path));
  call.push(text);
  call.push(evaluate::recordings_of(table, options).size());
  return 2;
}

const Module evaluate_module =
    Module("evaluate")
        .call(evaluate_one,
              {.summary =
                   "What one fitted model is worth on a table, with 95 % intervals told by group: of classes, of tags "
                   "or of numbers, as the table has them.",
               .returns = "Results",
               .example = "evaluate(model, songs)",
               .source = "the beta-binomial model of shares; Hartigan, Using subsample values as typical values (1969)",
               .parameters = with_arguments(
                   {{"model", "Estimator", "a fitted classifier or regressor, or a network"},
                    {"data", "table",
                     "what it is judged on: a Table, a Dataset (described as the model's own data were, where no chain "
                     "is mapped over it) or { x = rows, y = labels }"}},
                   schema_of<EvaluateOptions>())})
        .function("Scores", [](Call& call) { return call.push(std::make_shared<Folded>()); },
                  {.summary = "The results of cross-validation, fold by fold.",
                   .returns = "Scores",
                   .example = "evaluate.Scores()",
                   .source = "scikit-learn's cross_validate"})
        .function("compare", compare)
        .function("check_submission", check_submission)
        .function("score_submission", score_submission)
        .function("submission_text", submission_text);

}  // namespace
}  // namespace lumir::lua
