// lumir.learn: every registered estimator as a constructor, one class of objects for all of them.
//
//   learn.SVC { C = 10 }                               word keys are options
//   learn.Pipeline { learn.RobustScaler(), ... }       options and arguments as bind/arguments.h reads them
//   model:fit(table), :predict(table), :scores(table)  a table is a described dataset, or { x = rows, y = labels }
//   model:fit(x, y), :predict(x)                       x is a tensor or a list of rows, y a list of labels

#include "api/learn.h"

#include <algorithm>
#include <filesystem>

#include "api/importances.h"
#include "api/labels.h"
#include "api/nn.h"
#include "api/rows.h"
#include "api/run.h"
#include "bind/arguments.h"
#include "bind/step.h"
#include "core/file.h"
#include "core/names.h"
#include "core/readable.h"
#include "core/terminal.h"
#include "data/dataset.h"
#include "evaluate/compare.h"
#include "evaluate/vote.h"
#include "learn/search_table.h"
#include "metric/scorer.h"
#include "model/model_file.h"
#include "model/onnx_file.h"
#include "model/path.h"
#include "nn/network.h"
#include "nn/onnx_network.h"
#include "signal/kernel.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

int push_matrix(Call& call, Matrix matrix) { return call.push(tensor::from_matrix(std::move(matrix))); }

int push_array(Call& call, const Array& array) { return call.push(tensor::from_array(array)); }

int fit(Call& call) {
  const auto model = call.object<ModelPtr>(1);
  model::fit(*model, table_at(call, 2));
  if (const auto* searched = model->estimator->searched()) record_leaks(call.L, "folds of a search", searched->audit);
  lua_pushvalue(call.L, 1);
  return 1;
}

int scores(Call& call) {
  return push_matrix(call, model::answer(*call.object<ModelPtr>(1), table_at(call, 2), call.who()).scores);
}

/// model:score(table, { metric = 'f1', vote = 'mean' }); with accuracy it is scikit-learn's score.
int score(Call& call) {
  const auto model = call.object<ModelPtr>(1);
  const data::Table table = table_at(call, 2, 1);
  const auto options = call.options<evaluate::ScoreOptions>(are_rows(call, 2) ? 4 : 3);
  return call.push(evaluate::score(*model, table, options, call.who()));
}

int transform(Call& call) {
  return push_matrix(call, model::transform(*call.object<ModelPtr>(1), table_at(call, 2), call.who()));
}

int fit_transform(Call& call) {
  return push_matrix(call, model::fit_transform(*call.object<ModelPtr>(1), table_at(call, 2)));
}

/// model:get 'SVC.C'
int get_option(Call& call) {
  call.at_most(2);
  const model::Estimator& estimator = *call.object<ModelPtr>(1)->estimator;
  return call.push(model::option_at(estimator, model::find_option(estimator, call.text(2, "path"), call.who())));
}

/// model:set('SVC.C', 10), model:set { C = 10, ['SelectKBest.k'] = 20 }: one that is not fitted; this one stays.
int set_options(Call& call) {
  call.at_most(3);
  const model::Estimator& estimator = *call.object<ModelPtr>(1)->estimator;
  const Map given = call.is_text(2) ? Map{{call.text(2), call.value(3)}} : call.map(2, "options");
  Value description = estimator.description();
  for (const auto& [path, value] : given) {
    model::set_option(description, estimator, model::find_option(estimator, path, call.who()), value);
  }
  return call.push(std::make_shared<model::Model>(model::Model{model::make_estimator(description)}));
}

int save(Call& call) {
  const std::string given = call.path(2), path = output_path(call.L, given);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (path == given && !folder.empty() && !std::filesystem::is_directory(folder)) {
    throw Error(folder.string() + ": no such folder");  // only below its own run a recipe makes them
  }
  const model::Model chosen = model::chosen(*call.object<ModelPtr>(1));
  if (path.ends_with(".onnx")) {
    const bool network = nn::module_of(chosen) != nullptr;
    write_file(path, network ? nn::onnx_of(chosen, protected_attempt(call.L), call.who())
                             : model::onnx_of(chosen, call.who()));
  } else {
    model::save_model(path, chosen);
  }
  return call.push(path);
}

Map spread_map(const learn::Search::Worth& worth) {
  return {{"mean", worth.mean}, {"std", worth.sd}, {"scores", List(worth.scores.begin(), worth.scores.end())}};
}

/// What the candidates of a search are worth by each metric, [metric][candidate].
struct AllWorth {
  explicit AllWorth(const learn::Search& of) : search(of) {
    for (size_t m = 0; m < search.scorers().size(); ++m) {
      test.push_back(search.worth_by(m));
      train.push_back(search.train_worth_by(m));
    }
  }

  /// Of a candidate by name.
  Map metrics_of(size_t candidate) const {
    Map metrics;
    for (size_t m = 0; m < test.size(); ++m) {
      if (test[m][candidate].rank == 0) continue;
      Map one = spread_map(test[m][candidate]);
      one["rank"] = test[m][candidate].rank;
      if (!train[m].empty()) one["train"] = spread_map(train[m][candidate]);
      metrics[search.scorers()[m].name()] = one;
    }
    return metrics;
  }

  const learn::Search& search;
  std::vector<std::vector<learn::Search::Worth>> test, train;
};

/// What a search tried, in the order of the grid; scikit-learn's cv_results_ as a list.
Value results_of(const learn::Search& search) {
  List rows;
  const AllWorth worth(search);
  const auto train = search.train_worth();
  for (size_t c = 0; c < search.candidates().size(); ++c) {
    const auto& candidate = search.candidates()[c];
    Map row = {{"params", candidate.setting}, {"seconds", candidate.seconds}};
    if (candidate.reason.empty() && !candidate.fold_scores.empty()) {
      row["mean"] = candidate.mean;
      row["std"] = candidate.sd;
      row["rank"] = candidate.rank;
      row["scores"] = List(candidate.fold_scores.begin(), candidate.fold_scores.end());
      row["metrics"] = worth.metrics_of(c);
      if (!train.empty()) row["train"] = spread_map(train[c]);
    } else if (!candidate.reason.empty()) {
      row["reason"] = candidate.reason;
    }
    rows.push_back(row);
  }
  return rows;
}

int push_searched(Call& call, const model::Model& model, const std::string& key) {
  if (key == "best_estimator") {
    if (!model.estimator->chosen())
      throw ArgumentError("best_estimator: " + model.estimator->name() + " is not fitted yet");
    return call.push(std::make_shared<model::Model>(model::chosen(model)));
  }
  const model::Searched* searched = model.estimator->searched();
  if (!searched && (key == "cv_results" || key == "cv_table" || key == "best_params" || key == "best_score")) {
    throw ArgumentError(key + ": " + model.estimator->name() + " is not fitted yet");
  }
  if (!searched) return 0;
  const auto& search = dynamic_cast<const learn::Search&>(*model.estimator);
  if (key == "cv_results") return call.push(results_of(search));
  if (key == "cv_table") return call.push(for_terminal(learn::search_table(search)));
  if (key == "best_params") return call.push(Value(searched->best_candidate().setting));
  if (key == "best_score") return call.push(searched->best_candidate().mean);
  return 0;
}

/// What it holds: a list where it is one (pipeline.steps), else one estimator (search.estimator).
int push_children(Call& call, const model::Estimator& estimator, const std::string& key) {
  int pushed = 0;
  for (const auto& child : estimator.children()) {
    if (child.option != key) continue;
    const auto held = std::make_shared<model::Model>(model::Model{child.estimator});
    if (child.place < 0) return call.push(held);
    if (pushed == 0) lua_newtable(call.L);
    pushed = 1;
    push_object(call.L, held);
    lua_rawseti(call.L, -2, child.place + 1);
  }
  return pushed;
}

/// What only some estimators have: what a search found, what is inside, and every array of a fitted state.
int learnt_field(Call& call) {
  const auto model = call.object<ModelPtr>(1);
  const model::Estimator& estimator = *model->estimator;
  const std::string key = call.is_text(2) ? call.text(2) : "";
  if (estimator.is_search()) {
    if (const int pushed = push_searched(call, *model, key)) return pushed;
  }
  if (const int pushed = push_children(call, estimator, key)) return pushed;
  if (!estimator.fitted()) return 0;
  const State state = estimator.state();
  const auto found = state.find(key);
  return found == state.end() ? 0 : push_array(call, found->second);
}

/// The names that learnt_field knows of a model.
std::vector<std::string> learnt_names(const ModelPtr& model) {
  const model::Estimator& estimator = *model->estimator;
  std::vector<std::string> names;
  if (estimator.is_search()) names = {"best_estimator", "best_params", "best_score", "cv_results", "cv_table"};
  for (const auto& child : estimator.children()) {
    if (std::find(names.begin(), names.end(), child.option) == names.end()) names.push_back(child.option);
  }
  if (!estimator.fitted()) return names;
  for (const auto& [name, array] : estimator.state()) names.push_back(name);
  return names;
}

std::string text_of(const ModelPtr& model) {
  const auto network = nn::module_of(*model);
  std::string text = network ? nn::show_tree(*network) : model::show_estimator(*model->estimator);
  if (const model::Searched* searched = model->estimator->searched()) {
    text += "\nbest " + metric::Scorer(searched->scoring).title() + " " + show_score(searched->best_candidate().mean) +
            ", mean of " + std::to_string(searched->folds) + " folds   " +
            model::show_setting(searched->best_candidate().setting);
  }
  if (!model->level.empty() && model->level != signal::level_name()) {
    text += "\nfitted on a processor of level " + model->level + ", this one is " + signal::level_name() +
            ": the last digits may differ";
  }
  return text;
}

int refuse_call(Call&) {
  throw ArgumentError(
      "Estimator: is no function; model:predict(rows) and model:scores(rows) judge rows, and a network takes the "
      "weights of a saved one by net:load_state_dict(torch.load(path))");
}

const Class<ModelPtr> model_class =
    Class<ModelPtr>("Estimator",
                    "A learner or a transformer with its options and, once fitted, with what it has learnt.", "model")
        .text(text_of)
        .as_value([](const ModelPtr& model) { return model->estimator->description(); })
        .field("name", [](const ModelPtr& model) { return Value(model->estimator->name()); },
               {.summary = "Its name, without the module.", .returns = "text"})
        .field("options", [](const ModelPtr& model) { return Value(model->estimator->options()); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .field("fitted", [](const ModelPtr& model) { return Value(model->estimator->fitted()); },
               {.summary = "Whether it has learnt from data yet.", .returns = "a boolean"})
        .field(
            "classes", [](const ModelPtr& model) { return Value(List(model->classes.begin(), model->classes.end())); },
            {.summary = "The labels that it tells apart, sorted by bytes: columns of its scores; empty before a fit.",
             .returns = "a list of text"})
        .field(
            "label", [](const ModelPtr& model) { return Value(model->label); },
            {.summary = "What it predicts, such as 'artist'; '' for tables without a name for it.", .returns = "text"})
        .field("target", [](const ModelPtr& model) { return Value(name_of(model->target)); },
               {.summary = "What it foretells: 'classes', 'tags', 'numbers'.", .returns = "text"})
        .field("thresholds",
               [](const ModelPtr& model) { return Value(List(model->thresholds.begin(), model->thresholds.end())); },
               {.summary = "The scores from which on a row has each tag; empty where none were chosen.",
                .returns = "a list of numbers"})
        .field("level", [](const ModelPtr& model) { return Value(model->level); },
               {.summary = "Which kernels its rows were worked out with: 'generic', 'v2', 'v3' or 'v4'; they round "
                           "differently. '' before a fit, and for files that do not say.",
                .returns = "text"})
        .field_with("chain",
                    [](Call& call) {
                      const StepPtr& chain = call.object<ModelPtr>(1)->chain;
                      return chain ? call.push(chain) : call.push(Value());
                    },
                    {.summary = "What turned the recordings into the rows that it was fitted on.",
                     .returns = "a Step; nil for tables from elsewhere"})
        .method(
            "fit", fit,
            {.summary =
                 "Learns from rows; what was learnt before is forgotten. { weights = numbers } says how much each "
                 "row counts, as scikit-learn's sample_weight does; KNeighbors, NearestCentroid, LDA and QDA refuse "
                 "them, and to transformers but StandardScaler and to the scores of folds all rows count alike.",
             .returns = "itself",
             .example = "learn.KNeighbors():fit(table)",
             .source = "scikit-learn's fit",
             .parameters = {argument("data", "table",
                                     "a Table, a Dataset, { x = rows, y = labels }, or rows of numbers"),
                            argument("y", "list of labels",
                                     "only where the data are rows of numbers: tables have their own", kPlace)}})
        .method(
            "predict", [](Call& call) { return predict(call, call.object<ModelPtr>(1)); },
            {.summary = "The likeliest class of each row; where options are given, of each recording. An error where "
                        "columns have other names than in the fit.",
             .returns = "a list of text; where options are given, the ids of the recordings behind it",
             .example = "model:predict(table, { vote = 'mean' })",
             .source = "scikit-learn's predict",
             .parameters =
                 with_arguments({argument("data", "table", "a Table, a Dataset, { x = rows }, or rows of numbers")},
                                schema_of<evaluate::VoteOptions>())})
        .method("scores", scores,
                {.summary = "How much speaks for each class; higher is likelier.",
                 .returns = "a Tensor of [rows, classes], float64",
                 .example = "model:scores(table)",
                 .source = "scikit-learn's predict_proba and decision_function",
                 .parameters = {argument("data", "table", "a Table, a Dataset, { x = rows }, or rows of numbers")}})
        .method("score", score,
                {.summary = "What a metric says of its answers: the share that is right, unless another is asked for.",
                 .returns = "a number",
                 .example = "model:score(table, { metric = 'f1_macro' })",
                 .source = "scikit-learn's score",
                 .parameters = with_arguments(
                     {argument("data", "table", "a Table, a Dataset, { x = rows, y = labels }, or rows of numbers"),
                      argument("y", "list of labels", "only where the data are rows of numbers: tables have their own",
                               kPlace)},
                     schema_of<evaluate::ScoreOptions>())})
        .method("transform", transform,
                {.summary = "The rows as a fitted transformer, or a pipeline without its classifier, turns them.",
                 .returns = "a Tensor of [rows, columns], float64",
                 .example = "learn.PCA { n_components = 1 }:fit(table):transform(table)",
                 .source = "scikit-learn's transform",
                 .parameters = {argument("data", "table", "a Table, a Dataset, { x = rows }, or rows of numbers")}})
        .method("fit_transform", fit_transform,
                {.summary = "Learns from rows and turns these very rows.",
                 .returns = "a Tensor of [rows, columns], float64",
                 .example = "learn.PCA { n_components = 1 }:fit_transform(table)",
                 .source = "scikit-learn's fit_transform",
                 .parameters = {argument("data", "table",
                                         "a Table, a Dataset, { x = rows, y = labels }, or rows of numbers"),
                                argument("y", "list of labels",
                                         "only where the data are rows of numbers: tables have their own", kPlace)}})
        .method("get", get_option,
                {.summary = "An option of it, or of what it holds, by path.",
                 .returns = "the option's value",
                 .example = "learn.Pipeline({ learn.StandardScaler(), learn.SVC { C = 10 } }):get 'SVC.C'",
                 .source = "scikit-learn's get_params",
                 .parameters = {argument("path", "text", "'C', 'SVC.C', '1.k', 'estimator.SVC.C'")}})
        .method("set", set_options,
                {.summary = "An equal one with other options, not fitted; this one stays as it is.",
                 .returns = "an Estimator",
                 .example = "learn.Pipeline({ learn.StandardScaler(), learn.SVC() }):set { ['SVC.C'] = 10 }",
                 .source = "scikit-learn's clone and set_params",
                 .parameters = {argument("path", "text or table", "as in get, or several with their values"),
                                argument("value", "value", "where one path is given", kPlace)}})
        .method("importances", importances,
                {.summary =
                     "What it leans on: how much the cuts on each column won, for trees; the sum of absolute weights, "
                     "for straight borders. learn.permutation_importance asks any classifier.",
                 .returns = "a list of { column, importance }, the most important first",
                 .example = "learn.RandomForest { n_estimators = 5 }:fit(table):importances { top = 3 }",
                 .source = "scikit-learn's feature_importances_ and coef_",
                 .parameters = schema_of<ImportancesOptions>()})
        .method(
            "coefficients", coefficients,
            {.summary = "The weights of straight borders by the names of the columns.",
             .returns = "a table of classes; each is a table of a weight for each column. Of two classes the second "
                        "alone: the first has the negative",
             .example = "learn.LDA():fit(table):coefficients()",
             .source = "scikit-learn's coef_"})
        .method("decision_path", decision_path,
                {.summary = "The way of one row through a DecisionTree, in words.",
                 .returns = "a list of text: a question and its answer for each node, then the class",
                 .example = "learn.DecisionTree():fit(table):decision_path(table, 1)",
                 .source = "scikit-learn's decision_path",
                 .parameters = {argument("data", "table", "a Table, a Dataset or { x = rows }"),
                                argument("row", "integer", "which of them, from 1", kPlace)}})
        .method("save", save,
                {.summary = "Writes a model file for learn.load and lumir predict; of a search, its best model. A path "
                            "that ends in .onnx gets a graph for other programs (ONNX): 'rows', [n, columns] of "
                            "float64, go in, 'label' and 'scores' come out; straight borders, trees, forests, SVC, "
                            "k-NN, MLP, GaussianNB, and pipelines of them behind scalers, imputers, selections and PCA "
                            "have one, and so have networks, whose rows are float32 of any shape. A recipe's relative "
                            "paths lie in its run folder; elsewhere the folder must be there.",
                 .returns = "the path that was written",
                 .example = "model:save(place .. '/model.safetensors')",
                 .parameters = {argument("path", "text", "the file")}})
        .meta("__call", refuse_call,
              {.summary = "An error: model:predict(rows) and model:scores(rows) judge rows. A network of one's own "
                          "takes the weights of a saved one by net:load_state_dict(torch.load(path)), and is called.",
               .returns = "nothing",
               .example = "pcall(function() return model(table) end)",
               .parameters = {argument("rows", "value", "what a network would be called with")}})
        .index(learnt_field,
               {.summary = "What only some have. A search: best_estimator, best_params, best_score, cv_results, and as "
                           "text, best first and laid out for the terminal where there is one, cv_table; a pipeline: "
                           "steps; whatever is fitted: the arrays that it has "
                           "learnt, by name.",
                .returns = "an Estimator, a table, a number, a list, or a Tensor",
                .example = "learn.PCA():fit(table).components",
                .source = "scikit-learn's attributes with a trailing underscore"})
        .index_names(learnt_names);

struct LoadOptions {
  std::string code;
  bool allow_changed = false;
  static Schema schema() {
    return {Option{"code", &LoadOptions::code, "a file of Lua that defines the classes of its network; it is run"},
            Option{"allow_changed", &LoadOptions::allow_changed, "takes classes that were written otherwise then"}};
  }
};

void run_file(lua_State* L, const std::string& path) {
  const std::string code = read_file(path);
  if (luaL_loadbuffer(L, code.data(), code.size(), ("@" + path).c_str()) != 0) {
    const std::string problem = lua_tostring(L, -1);
    lua_pop(L, 1);
    throw ArgumentError(problem);
  }
  session_of(L).code = path;
  const bool failed = lua_pcall(L, 0, 0, 0) != 0;
  session_of(L).code.clear();
  if (failed) lua_error(L);
}

/// Of a run that keeps no model, says why there is none.
void check_there(const std::string& path) {
  const std::filesystem::path file(path), record = file.parent_path() / "run.json";
  std::error_code problem;
  if (std::filesystem::exists(file, problem) || !std::filesystem::exists(record, problem)) return;
  const Value run = from_json(read_file(record.string()), record.string());
  throw Error(file.parent_path().string() + ": holds no " + file.filename().string() +
              (run["folds"].list()    ? ": it is a cross-validation, whose folds have a model each"
               : run["results"].map() ? ": nothing that it judged has learnt"
                                      : ": it judged no model; did it end?"));
}

int load(Call& call) {
  const auto options = call.options<LoadOptions>(2);
  if (!options.code.empty()) {
    run_file(call.L, options.code);
    push_classes(call.L);
  }
  const nn::BuildClassScope scope(builder_of_classes(call.L, options.allow_changed));
  const std::string path = input_path(call.L, call.path(1));
  check_there(path);
  auto learner = std::make_shared<model::Model>(model::load_model(path));
  session_of(call.L).synthetic = session_of(call.L).synthetic || learner->synthetic;
  return call.push(std::move(learner));
}

const Module learn_module =
    Module("learn", [](ModuleTable& module) { open_estimators(module); })
        .function(
            "load", load,
            {.summary = "A model of a file that model:save or a report has written; loading it runs no code but that "
                        "of code. A network that is written in Lua needs its class: one of this session, or of code. "
                        "What this run wrote is found by the relative path that it was written to.",
             .returns = "a fitted Estimator",
             .example = "learn.load(model:save(place .. '/model.safetensors'))",
             .source = "Lumir's own",
             .parameters = with_arguments({argument("path", "text", "the file")}, schema_of<LoadOptions>())});

}  // namespace

void open_estimators(ModuleTable& module) {
  for (const Entry* entry : entries(module.name())) {
    if (!model::is_estimator(*entry)) continue;
    module.function(entry->name, [entry](Call& call) {
      const auto estimator = model::make_estimator(entry->full_name(), call_options(call, *entry));
      return call.push(std::make_shared<model::Model>(model::Model{estimator}));
    });
  }
}

/// model:predict(table) -> a label for each row; model:predict(table, { vote = 'mean' }) -> one for each recording, and
/// the ids of these.
int predict(Call& call, const ModelPtr& model) {
  const bool rows = are_rows(call, 2);
  const data::Table table = table_at(call, 2, rows ? 0 : 1);
  model::Predictions answers = model::answer(*model, table, call.who());
  evaluate::Recordings recordings;
  const bool joined = !rows && !call.is_nil(3);
  if (joined) {
    const auto options = call.options<evaluate::VoteOptions>(3);
    recordings = evaluate::recordings_of(table, options);
    answers = evaluate::join(answers, recordings, options);
  }
  call.push(answers_of(*model, answers));
  return joined ? 1 + call.push(Value(List(recordings.ids.begin(), recordings.ids.end()))) : 1;
}

std::string short_name(const model::Estimator& estimator) {
  const model::Estimator& last = *estimator.stages().back();
  return last.is_search() ? short_name(*last.children().back().estimator) : last.title();
}

ModelPtr find_model(lua_State* L, int i, const data::Table* table) {
  if (const auto* learner = test_object<ModelPtr>(L, i)) return *learner;
  const auto* network = test_object<nn::ModulePtr>(L, i);
  if (!network) return nullptr;
  return std::make_shared<model::Model>(nn::model_of(*network, table));
}

ModelPtr model_at(Call& call, int i, const data::Table* table) {
  if (const ModelPtr found = find_model(call.L, i, table)) return found;
  call.wrong(i, "model", "an Estimator or a network");
}

}  // namespace lumir::lua
