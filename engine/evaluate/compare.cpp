// Judging models on one table, on the same recordings, so that differences are paired.

#include "evaluate/compare.h"

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/random.h"
#include "core/registry.h"
#include "evaluate/interval.h"
#include "metric/confusion.h"
#include "metric/scorer.h"

namespace lumir::evaluate {
namespace {

/// What a model said of the recordings of a table, beside what is true of them.
struct Verdict {
  const Recordings& recordings;
  model::Predictions answers;
  int n_classes = 0;

  metric::Answers view() const { return {recordings.y, answers.predicted, &answers.scores, n_classes, answers.kind}; }
};

Verdict judge(const model::Estimator& model, const data::Table& table, const Recordings& recordings,
              const VoteOptions& vote) {
  model::Predictions answers = model.answer(table);
  if (answers.scores.columns != table.classes.size()) {
    throw ArgumentError("compare: " + model.name() + " knows " + std::to_string(answers.scores.columns) +
                        " classes, the table has " + std::to_string(table.classes.size()));
  }
  return {recordings, join(answers, recordings, vote), static_cast<int>(table.classes.size())};
}

/// What is shown where the recipe names no metrics, in the order of tables: with ranks, or as papers print it.
std::vector<std::string> usual_metrics(const std::vector<int>& top) {
  if (top.empty()) return {"accuracy", "precision", "recall", "f1", "f1_weighted"};
  std::vector<std::string> names{"accuracy"};
  for (const int k : top) names.push_back("top_" + std::to_string(k));
  names.insert(names.end(), {"precision", "recall", "f1"});
  return names;
}

std::vector<metric::Scorer> scorers_of(const CompareOptions& options) {
  std::vector<metric::Scorer> scorers;
  const auto names = options.metrics.empty() ? usual_metrics(options.top) : options.metrics;
  for (const auto& name : names) {
    const metric::Scorer scorer(name, "compare");
    const auto same = [&](const auto& other) { return other.name() == scorer.name(); };
    if (std::any_of(scorers.begin(), scorers.end(), same)) {
      throw ArgumentError("compare: the metric '" + name + "' is asked for twice");
    }
    scorers.push_back(scorer);
  }
  return scorers;
}

Scores named_scores(const Verdict& verdict, const std::vector<metric::Scorer>& scorers, const Groups& groups) {
  Scores scores;
  for (const auto& scorer : scorers) {
    scores[scorer.name()] = interval_of(scorer.measurer(verdict.view()), groups, global_seed());
  }
  return scores;
}

std::vector<double> of_each_class(const std::string& metric, const metric::Answers& answers) {
  std::vector<double> numbers;
  const Value each = metric::measure(metric, {{"average", "none"}}, answers);
  for (const auto& number : *each.list()) numbers.push_back(*number.number());
  return numbers;
}

std::vector<ClassScores> class_table(const metric::Answers& answers, const std::vector<std::string>& classes) {
  const auto precision = of_each_class("precision", answers), recall = of_each_class("recall", answers),
             f1 = of_each_class("f1", answers);
  const auto counts = metric::count_classes(answers);
  std::vector<ClassScores> rows;
  for (size_t i = 0; i < classes.size(); ++i) {
    rows.push_back({classes[i], precision[i], recall[i], f1[i], static_cast<int>(counts[i].truth)});
  }
  return rows;
}

metric::Answers answers_of(const Results& results, const ModelResult& model) {
  return {results.truth, model.predicted, &model.scores, static_cast<int>(results.classes.size()), model.kind};
}

/// One model's number less that of another, where the two have changed places in the marked rows.
double swapped_gain(const Results& results, const metric::Scorer& scorer, const ModelResult& a, const ModelResult& b,
                    const std::vector<bool>& swapped) {
  auto predicted_a = a.predicted, predicted_b = b.predicted;
  auto scores_a = a.scores, scores_b = b.scores;
  for (size_t i = 0; i < swapped.size(); ++i) {
    if (!swapped[i]) continue;
    std::swap(predicted_a[i], predicted_b[i]);
    std::swap_ranges(scores_a.row(i).begin(), scores_a.row(i).end(), scores_b.row(i).begin());
  }
  const auto n_classes = static_cast<int>(results.classes.size());
  return scorer.score({results.truth, predicted_a, &scores_a, n_classes, a.kind}) -
         scorer.score({results.truth, predicted_b, &scores_b, n_classes, b.kind});
}

Difference difference_of(const Results& results, const metric::Scorer& scorer, const ModelResult& a,
                         const ModelResult& b, const Groups& groups) {
  const double sign = scorer.greater_is_better() ? 1 : -1;
  const auto one = scorer.measurer(answers_of(results, a)), other = scorer.measurer(answers_of(results, b));
  Difference difference{a.name, b.name, {sign * (*one().number() - *other().number())}};
  if (one.rows() && other.rows()) {
    std::vector<double> rows;
    for (size_t i = 0; i < one.rows()->size(); ++i) rows.push_back(sign * ((*one.rows())[i] - (*other.rows())[i]));
    difference.gain = difference_interval(rows, groups, global_seed());
    difference.beyond_chance = difference.gain.low > 0 || difference.gain.high < 0;
    return difference;
  }
  const auto swapped = [&](const std::vector<bool>& rows) { return swapped_gain(results, scorer, a, b, rows); };
  difference.beyond_chance = swap_test(swapped, groups, results.truth.size(), global_seed()) <= 0.05;
  return difference;
}

/// Of every two models, by the metric that ranks them.
std::vector<Difference> differences_of(const Results& results, const metric::Scorer& scorer, const Groups& groups) {
  std::vector<Difference> differences;
  for (size_t i = 0; i < results.models.size(); ++i) {
    for (size_t j = i + 1; j < results.models.size(); ++j) {
      differences.push_back(difference_of(results, scorer, results.models[i], results.models[j], groups));
    }
  }
  return differences;
}

/// The options as they stand, but that the usual ranks are at most as many as there are classes.
CompareOptions fitting(CompareOptions options, size_t n_classes) {
  if (options.top == kUsualTop) {
    std::erase_if(options.top, [n_classes](int k) { return k > static_cast<int>(n_classes); });
  }
  return options;
}

void check(const data::Table& table, const CompareOptions& options) {
  if (table.rows() == 0) throw ArgumentError("compare: the table has no rows");
  if (table.y.empty()) throw ArgumentError("compare: the table has no labels to compare with");
  for (const int k : options.metrics.empty() ? options.top : std::vector<int>{}) {
    if (k < 1 || k > static_cast<int>(table.classes.size())) {
      throw ArgumentError("compare: 'top' = " + std::to_string(k) + " is out of range (1 to " +
                          std::to_string(table.classes.size()) + " classes)");
    }
  }
}

/// The models are classifiers of one set of classes that take the table's columns.
void check_models(const std::vector<Contender>& models, const data::Table& table) {
  const Contender& first = models.front();
  for (const auto& [name, model] : models) {
    model::check_classifier(model, "compare");
    model::check_columns(model, table, "compare");
    if (model.classes == first.model.classes) continue;
    throw ArgumentError("compare: " + name + " and " + first.name + " know different classes");
  }
}

/// The recordings of a table and the groups by which every model is judged on them.
struct Jury {
  const data::Table& table;
  Recordings recordings;
  Groups groups;

  Jury(const data::Table& rows, const VoteOptions& vote)
      : table(rows), recordings(recordings_of(rows, vote)), groups(recordings.groups, recordings.size()) {
    check_labels(rows, recordings);
  }
};

ModelResult result_of(const Contender& contender, const Jury& valid, const Jury* train, const CompareOptions& options,
                      const std::vector<metric::Scorer>& scorers) {
  ModelResult result;
  result.name = contender.name;
  const model::Estimator& estimator = *contender.model.estimator;
  result.settings = estimator.settings();
  result.fit_seconds = contender.model.fit_seconds;
  if (const auto* searched = estimator.searched()) {
    result.search_score = searched->best_candidate().mean;
    result.search_metric = searched->scoring;
    result.fit_seconds = searched->refit_seconds;
  }
  Verdict verdict = judge(estimator, valid.table, valid.recordings, options);
  result.valid = named_scores(verdict, scorers, valid.groups);
  result.confusion = metric::confusion(verdict.view());
  result.per_class = class_table(verdict.view(), valid.table.classes);
  result.predicted = std::move(verdict.answers.predicted);
  result.scores = std::move(verdict.answers.scores);
  result.kind = verdict.answers.kind;
  if (train) {
    const Verdict seen = judge(estimator, train->table, train->recordings, options);
    result.train = named_scores(seen, scorers, train->groups);
  }
  return result;
}

const Entry& compare_entry =
    register_entry("evaluate", "compare",
                   {.summary = "Judges models on one dataset: scores with 95 % intervals, best first, differences "
                               "beyond chance. Without `top` "
                               "or `metrics` the table is that of papers: accuracy, precision, recall, F1 (macro, "
                               "weighted), train beside test, "
                               "seconds of the fit.",
                    .returns = "Results: best, models; prints as a table",
                    .example = "evaluate.compare({ SVM = model, ['k-NN'] = other }, songs, { top = { 1, 3 } })",
                    .source = "scikit-learn's scores; Hartigan, Using subsample values as typical values (1969)"},
                   with_arguments({{"models", "list of models", "fitted on the same classes; by name, or in a list"},
                                   {"data", "table", "what they are judged on"}},
                                  schema_of<CompareOptions>()));

}  // namespace

Schema CompareOptions::schema() {
  return with_vote(
      {Option{
           "metrics", &CompareOptions::metrics,
           "what is measured, the first ranks: 'accuracy', 'f1_weighted'; empty: accuracy, top_k by `top`, precision, "
           "recall, f1, and without `top` f1_weighted"},
       Option{"top", &CompareOptions::top,
              "ranks that count as right: 3 is top-3; empty: none, but { 1, 3 } where one model is judged alone",
              kPositive},
       Option{"train", &CompareOptions::train,
              "what the models were fitted on, to be judged beside; those that are not fitted yet learn from it",
              Kind{"dataset"}}});
}

Results compare(const std::vector<Contender>& models, const data::Table& valid, const data::Table* train,
                const CompareOptions& options) {
  if (models.empty()) throw ArgumentError("compare: needs at least one model");
  check_models(models, valid);
  if (train) check_models(models, *train);
  const auto& classes = models.front().model.classes;
  const data::Table known = valid.with_classes(classes, "compare");
  const CompareOptions fitted = fitting(options, classes.size());
  check(known, fitted);
  const auto scorers = scorers_of(fitted);
  const Jury jury(known, fitted);
  std::optional<data::Table> seen_rows;
  std::optional<Jury> seen;
  if (train) seen.emplace(seen_rows.emplace(train->with_classes(classes, "compare")), fitted);
  Results results;
  results.classes = known.classes;
  results.ids = jury.recordings.ids;
  results.paths = jury.recordings.paths;
  results.groups = jury.recordings.groups;
  results.truth = jury.recordings.y;
  results.label = known.label;
  results.group = known.group;
  for (const auto& scorer : scorers) results.metrics.push_back(scorer.name());
  results.chosen = !fitted.metrics.empty();
  results.rows = known.rows();
  results.vote = fitted.vote;
  results.over = fitted.over;
  results.synthetic = known.synthetic;
  for (const auto& contender : models) {
    results.models.push_back(result_of(contender, jury, seen ? &*seen : nullptr, fitted, scorers));
  }
  std::stable_sort(results.models.begin(), results.models.end(), [&](const auto& a, const auto& b) {
    const double left = a.valid.at(results.metrics[0]).value, right = b.valid.at(results.metrics[0]).value;
    return left != right ? scorers[0].better(left, right) : a.name < b.name;
  });
  results.differences = differences_of(results, scorers[0], jury.groups);
  return results;
}

Schema ScoreOptions::schema() {
  return with_vote({Option{"metric", &ScoreOptions::metric, "what is measured: 'accuracy', 'f1_macro', 'top_3'"}});
}

double score(const model::Model& model, const data::Table& table, const ScoreOptions& options, const std::string& who) {
  model::check_classifier(model, who);
  if (table.y.empty()) throw ArgumentError(who + ": the table has no labels");
  const metric::Scorer scorer(options.metric, who);
  const data::Table known = table.with_classes(model.classes, who);
  const Recordings recordings = recordings_of(known, options);
  check_labels(known, recordings);
  const auto n_classes = static_cast<int>(model.classes.size());
  return scorer.score(
      Verdict{recordings, join(model::answer(model, known, who), recordings, options), n_classes}.view());
}

}  // namespace lumir::evaluate
