// lumir.learn and lumir.evaluate: a model in round after round, and tests between two.
//
//   local found = learn.cross_validate(learn.SVC(), table, { folds = 5, by = 'album', scoring = { 'accuracy', 'f1' } })
//   found.mean.accuracy, found.test.f1[1], found.fit_seconds
//   evaluate.corrected_t_test(found, other), evaluate.mcnemar(truth, one, other)

#include "evaluate/cross_validate.h"

#include "api/learn.h"
#include "api/results.h"
#include "api/run.h"
#include "data/labels.h"
#include "evaluate/learning_curve.h"
#include "evaluate/tests_between.h"
#include "report/score_figures.h"

namespace lumir::lua {
namespace {

using evaluate::CrossValidation;
using evaluate::LearningCurve;

Value list_of(const std::vector<double>& numbers) { return List(numbers.begin(), numbers.end()); }

Value of_each(const CrossValidation& found, double evaluate::Round::*which) {
  List list;
  for (const auto& round : found.rounds) list.push_back(round.*which);
  return list;
}

const Class<CrossValidation> cross_validation_class =
    Class<CrossValidation>("CrossValidation", "What a model was worth in every round; printed, a table with means.",
                           "learn.cross_validate(learn.KNeighbors { n_neighbors = 1 }, table, { folds = 2 })")
        .text([](const CrossValidation& found) { return evaluate::show(found); })
        .field("test", [](const CrossValidation& found) { return evaluate::to_value(found)["test"]; },
               {.summary = "Scores of the rows that tested, by metric.",
                .returns = "a table of lists, one number a round"})
        .field("train", [](const CrossValidation& found) { return evaluate::to_value(found)["train"]; },
               {.summary = "Scores of the rows that taught, by metric; empty lists with train = false.",
                .returns = "a table of lists, one number a round"})
        .field("mean", [](const CrossValidation& found) { return evaluate::to_value(found)["mean"]; },
               {.summary = "Means of the test scores by metric.", .returns = "a table: accuracy, f1 ..."})
        .field("std", [](const CrossValidation& found) { return evaluate::to_value(found)["std"]; },
               {.summary = "Standard deviations of the test scores (ddof 0) by metric.",
                .returns = "a table: accuracy, f1 ..."})
        .field("fit_seconds",
               [](const CrossValidation& found) { return of_each(found, &evaluate::Round::fit_seconds); },
               {.summary = "How long each fit took.", .returns = "a list of numbers in s"})
        .field("score_seconds",
               [](const CrossValidation& found) { return of_each(found, &evaluate::Round::score_seconds); },
               {.summary = "How long predicting and scoring the test rows took.", .returns = "a list of numbers in s"})
        .field("settings",
               [](const CrossValidation& found) {
                 List list;
                 for (const auto& round : found.rounds) list.push_back(round.settings);
                 return Value(list);
               },
               {.summary = "What a search chose in each round; '' where nothing was searched.",
                .returns = "a list of text"})
        .meta("__len", [](Call& call) { return call.push(call.object<CrossValidation>(1).rounds.size()); },
              {.summary = "How many rounds there were.",
               .returns = "an integer",
               .example = "#learn.cross_validate(learn.KNeighbors { n_neighbors = 1 }, table, { folds = 2 })"});

/// What is validated: an estimator, which stays as it is.
const model::Estimator& estimator_at(Call& call, int i) {
  const auto* model = test_object<ModelPtr>(call.L, i);
  if (!model) call.wrong(i, "model", "an Estimator");
  return *(*model)->estimator;
}

/// An estimator, or a function of the rows that teach, which answers with a model that it has fitted on them: how
/// a network learns, nn.fit knows.
evaluate::Trainee trainee_at(Call& call, int i) {
  if (!call.is_function(i)) return evaluate::trainee_of(estimator_at(call, i), call.who());
  return {
      "", false, [&call, i](const data::Table& train) {
        lua_pushvalue(call.L, i);
        call.push(train);
        lua_call(call.L, 1, 1);
        const ModelPtr made = find_model(call.L, lua_gettop(call.L), &train);
        if (!made) {
          throw ArgumentError("the function must return a fitted Estimator or a network, got " + kind_at(call.L, -1));
        }
        lua_pop(call.L, 1);
        return *made;
      }};
}

int cross_validate(Call& call) {
  call.at_most(3);
  const auto trainee = trainee_at(call, 1);
  const data::Table table = described_at(call, 2, "data");
  const auto options = call.options<evaluate::CrossValidateOptions>(3);
  auto found = evaluate::cross_validate(trainee, table, options, call.who());
  if (recipe_is_running(call.L) && !found.audit.clean()) {
    add_red_line(run_record(call.L), found.audit.line());
    record_leaks(call.L, "rounds", found.audit);
  }
  return call.push(std::move(found));
}

std::vector<double> test_means(const LearningCurve& curve, evaluate::MeanAndSpread evaluate::CurvePoint::*side) {
  std::vector<double> means;
  for (const auto& point : curve.points) means.push_back((point.*side).mean);
  return means;
}

std::vector<double> rows_of(const LearningCurve& curve) {
  std::vector<double> rows;
  for (const auto& point : curve.points) rows.push_back(point.rows);
  return rows;
}

int learning_curve_figure(Call& call) { return call.push(report::figure_of(call.object<LearningCurve>(1))); }

const char* const kCurveExample =
    "learn.learning_curve(learn.KNeighbors { n_neighbors = 1 }, table, { sizes = { 1 }, folds = 2 })";

const Class<LearningCurve> learning_curve_class =
    Class<LearningCurve>("LearningCurve", "What a model is worth, learnt from more and more rows; printed, a table.",
                         kCurveExample)
        .text([](const LearningCurve& curve) { return evaluate::show(curve); })
        .field("rows", [](const LearningCurve& curve) { return list_of(rows_of(curve)); },
               {.summary = "How many rows taught, the mean of the rounds.", .returns = "a list of numbers"})
        .field("test",
               [](const LearningCurve& curve) { return list_of(test_means(curve, &evaluate::CurvePoint::test)); },
               {.summary = "Mean test scores.", .returns = "a list of numbers"})
        .field("train",
               [](const LearningCurve& curve) { return list_of(test_means(curve, &evaluate::CurvePoint::train)); },
               {.summary = "Mean scores of the rows that taught.", .returns = "a list of numbers"})
        .field_with("figure", learning_curve_figure, {.summary = "Both lines over the rows.", .returns = "a Figure"});

int learning_curve(Call& call) {
  call.at_most(3);
  const auto& model = estimator_at(call, 1);
  const data::Table table = described_at(call, 2, "data");
  return call.push(evaluate::learning_curve(model, table, call.options<evaluate::LearningCurveOptions>(3)));
}

const Module learn_module =
    Module("learn")
        .function(
            "cross_validate", cross_validate,
            {.summary = "Fits and judges a model in round after round: folds that keep groups whole, repeated folds, "
                        "draws, or one group out at a time. A search inside makes nested folds. A function of the "
                        "rows that teach may stand for the model: it answers with one that it has fitted, such as a "
                        "network that nn.fit has trained.",
             .returns = "CrossValidation: test, train, mean, std, fit_seconds",
             .example = "learn.cross_validate(learn.KNeighbors { n_neighbors = 1 }, table, { folds = 2, by = 'album', "
                        "scoring = { 'accuracy', 'f1_macro' } })",
             .source = "scikit-learn's cross_validate, RepeatedStratifiedKFold, GroupShuffleSplit, LeaveOneGroupOut",
             .parameters = with_arguments(
                 {{"model", "Estimator or function", "a classifier or a regressor, which stays as it is"},
                  {"data", "table", "a Table, a Dataset or { x = rows, y = labels }"}},
                 schema_of<evaluate::CrossValidateOptions>())})
        .function(
            "learning_curve", learning_curve,
            {.summary = "What a model is worth, learnt from more and more of the rows that teach: whole groups, the "
                        "classes in turn.",
             .returns = "LearningCurve: rows, test, train, figure",
             .example = kCurveExample,
             .source = "scikit-learn's learning_curve",
             .parameters = with_arguments({{"model", "Estimator", "a classifier or a regressor; it stays as it is"},
                                           {"data", "table", "a Table, a Dataset or { x = rows, y = labels }"}},
                                          schema_of<evaluate::LearningCurveOptions>())});

Value value_of(const evaluate::TestResult& result) {
  return Map{{"statistic", result.statistic}, {"p", result.p}, {"difference", result.difference}};
}

struct McNemarOptions {
  bool exact = true;
  static Schema schema() {
    return {Option{"exact", &McNemarOptions::exact, "the binomial distribution; false: chi-square, for many rows"}};
  }
};

/// evaluate.mcnemar(truth, one, other, { exact }): three lists of labels.
int mcnemar(Call& call) {
  call.at_most(4);
  const auto truth = call.words(1, "truth"), one = call.words(2, "one"), other = call.words(3, "other");
  auto all = truth;
  for (const auto* words : {&one, &other}) all.insert(all.end(), words->begin(), words->end());
  const auto classes = data::classes_among(std::move(all));
  const auto places = [&](const std::vector<std::string>& words) { return data::places_of(words, classes); };
  return call.push(
      value_of(evaluate::mcnemar(places(truth), places(one), places(other), call.options<McNemarOptions>(4).exact)));
}

struct TTestOptions {
  std::string metric = "";
  double test_share = 0.2;
  static Schema schema() {
    return {Option{"metric", &TTestOptions::metric, "of what cross_validate gave; '' for its first"},
            Option{"test_share", &TTestOptions::test_share,
                   "of lists of numbers: the share of the rows that tested in each round; cross_validate knows its own",
                   Range{above(0), below(1)}}};
  }
};

std::vector<double> fold_scores_at(Call& call, int i, const std::string& metric) {
  if (call.is<CrossValidation>(i)) {
    const auto& found = call.object<CrossValidation>(i);
    return found.of(metric.empty() ? found.metrics.front() : metric);
  }
  std::vector<double> numbers;
  for (const auto& value : call.list(i, i == 1 ? "one" : "other", "what cross_validate gave, or a list of numbers")) {
    if (!value.number()) throw ArgumentError(call.who() + ": a list of scores holds " + show(value));
    numbers.push_back(*value.number());
  }
  return numbers;
}

int corrected_t_test(Call& call) {
  call.at_most(3);
  const auto options = call.options<TTestOptions>(3);
  const auto one = fold_scores_at(call, 1, options.metric), other = fold_scores_at(call, 2, options.metric);
  const double share = call.is<CrossValidation>(1) ? call.object<CrossValidation>(1).test_over_train()
                                                   : options.test_share / (1 - options.test_share);
  return call.push(value_of(evaluate::corrected_t_test(one, other, share)));
}

const Module evaluate_module =
    Module("evaluate")
        .function(
            "mcnemar", mcnemar,
            {.summary = "Whether one model has more rows right than another beyond chance, told from the rows that one "
                        "has right and the other wrong; rows are taken for independent.",
             .returns = "a table: statistic, p (two-sided), difference of the shares of right answers",
             .example = "evaluate.mcnemar({ 'a', 'b', 'b' }, { 'a', 'b', 'b' }, { 'a', 'a', 'a' })",
             .source = "statsmodels' mcnemar; McNemar (1947)",
             .parameters = with_arguments({{"truth", "list of labels", "the true class of each row"},
                                           {"one", "list of labels", "what the first model says"},
                                           {"other", "list of labels", "what the second says"}},
                                          schema_of<McNemarOptions>())})
        .function(
            "corrected_t_test", corrected_t_test,
            {.summary = "Whether one model scores better than another in the same rounds of a cross-validation, the "
                        "variance corrected for rows that teach in several.",
             .returns = "a table: statistic, p (two-sided), difference of the means",
             .example = "evaluate.corrected_t_test({ 0.7, 0.8, 0.75 }, { 0.6, 0.7, 0.7 }, { test_share = 0.1 })",
             .source = "Nadeau and Bengio, Inference for the Generalization Error, Machine Learning 52 (2003)",
             .parameters = with_arguments({{"one", "CrossValidation or list", "of the first model"},
                                           {"other", "CrossValidation or list", "of the second, in the same rounds"}},
                                          schema_of<TTestOptions>())});

}  // namespace
}  // namespace lumir::lua
