// Judging models on one table, on the same recordings, so that differences are paired.

#include "evaluate/compare.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "core/error.h"
#include "core/random.h"
#include "core/registry.h"
#include "evaluate/interval.h"
#include "evaluate/tag_table.h"
#include "evaluate/verdict.h"
#include "metric/confusion.h"
#include "metric/scorer.h"
#include "metric/thresholds.h"

namespace lumir::evaluate {
namespace {

/// What is shown where the recipe names no metrics, in the order of tables: with ranks, or as papers print it.
std::vector<std::string> usual_metrics(Target target, const std::vector<int>& top) {
  if (target == Target::tags) {
    return {"average_precision", "roc_auc", "f1", "average_precision_micro", "roc_auc_micro", "f1_micro"};
  }
  if (target == Target::numbers) return {"r2", "mean_absolute_error", "root_mean_squared_error", "pearson"};
  if (top.empty()) return {"accuracy", "precision", "recall", "f1", "f1_weighted"};
  std::vector<std::string> names{"accuracy"};
  for (const int k : top) names.push_back("top_" + std::to_string(k));
  names.insert(names.end(), {"precision", "recall", "f1"});
  return names;
}

std::vector<metric::Scorer> scorers_of(Target target, const CompareOptions& options) {
  std::vector<metric::Scorer> scorers;
  const auto names = options.metrics.empty() ? usual_metrics(target, options.top) : options.metrics;
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

ModelResult answers_only(const ModelResult& model) {
  ModelResult answers;
  answers.predicted = model.predicted;
  answers.scores = model.scores;
  answers.taken = model.taken;
  answers.kind = model.kind;
  return answers;
}

/// One model's number less that of another, where the two have changed places in the marked rows.
double swapped_gain(const Results& results, const metric::Scorer& scorer, const ModelResult& a, const ModelResult& b,
                    const std::vector<bool>& swapped) {
  ModelResult one = answers_only(a), other = answers_only(b);
  for (size_t i = 0; i < swapped.size(); ++i) {
    if (!swapped[i]) continue;
    if (!one.predicted.empty()) std::swap(one.predicted[i], other.predicted[i]);
    std::swap_ranges(one.scores.row(i).begin(), one.scores.row(i).end(), other.scores.row(i).begin());
    if (one.taken.rows > 0) {
      std::swap_ranges(one.taken.row(i).begin(), one.taken.row(i).end(), other.taken.row(i).begin());
    }
  }
  return scorer.score(answers_of(results, one)) - scorer.score(answers_of(results, other));
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
  difference.beyond_chance = swap_test(swapped, groups, results.size(), global_seed()) <= 0.05;
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

/// Best first, ties by name; and how far every two are apart.
void rank(Results& results, const metric::Scorer& scorer, const Groups& groups) {
  std::stable_sort(results.models.begin(), results.models.end(), [&](const auto& a, const auto& b) {
    const double left = a.valid.at(scorer.name()).value, right = b.valid.at(scorer.name()).value;
    return left != right ? scorer.better(left, right) : a.name < b.name;
  });
  results.differences = differences_of(results, scorer, groups);
}

/// What tells one recording of results from the others.
std::string key_of(const Results& results, size_t i) {
  const auto word = [i](const std::vector<std::string>& words) { return words.empty() ? "" : words[i]; };
  const std::string truth = results.target == Target::classes ? std::to_string(results.truth[i]) : "";
  return word(results.ids) + "\n" + word(results.paths) + "\n" + truth;
}

/// The answers of a model in another order of recordings.
ModelResult in_order(const ModelResult& model, const std::vector<size_t>& places) {
  ModelResult ordered = model;
  for (size_t i = 0; i < places.size(); ++i) {
    if (!model.predicted.empty()) ordered.predicted[i] = model.predicted[places[i]];
    std::copy_n(model.scores.row(places[i]).begin(), model.scores.columns, ordered.scores.row(i).begin());
    if (model.taken.rows > 0) {
      std::copy_n(model.taken.row(places[i]).begin(), model.taken.columns, ordered.taken.row(i).begin());
    }
  }
  return ordered;
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
  if (!table.has_labels()) throw ArgumentError("compare: the table has no labels to compare with");
  if (table.target != Target::classes) return;
  for (const int k : options.metrics.empty() ? options.top : std::vector<int>{}) {
    if (k < 1 || k > static_cast<int>(table.classes.size())) {
      throw ArgumentError("compare: 'top' = " + std::to_string(k) + " is out of range (1 to " +
                          std::to_string(table.classes.size()) + " classes)");
    }
  }
}

/// The models foretell what the table has, of one set of classes, and take its columns.
void check_models(const std::vector<Contender>& models, const data::Table& table, const CompareOptions& options) {
  const Contender& first = models.front();
  for (const auto& [name, model] : models) {
    model::check_predictor(model, "compare");
    model::check_target(model, table, "compare");
    model::check_columns(model, table, "compare");
    if (options.chain == "same") model::check_chain(model, table, "compare", "; { chain = 'any' } allows it");
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

/// What is told of each class, or of each tag.
void add_tables(ModelResult& result, const Verdict& verdict, const model::Model& model, const data::Table& table) {
  if (verdict.target == Target::classes) {
    result.confusion = metric::confusion(verdict.view());
    result.per_class = class_table(verdict.view(), table.classes);
  } else if (verdict.target == Target::tags) {
    result.per_tag = tag_table(verdict.view(), table.classes, model.thresholds);
  }
}

ModelResult result_of(const Contender& contender, const Jury& valid, const Jury* train, const CompareOptions& options,
                      const std::vector<metric::Scorer>& scorers) {
  ModelResult result;
  result.name = contender.name;
  result.rows = valid.table.rows();
  result.vote = options.vote;
  const model::Estimator& estimator = *contender.model.estimator;
  result.settings = estimator.settings();
  result.fit_seconds = contender.model.fit_seconds;
  if (const auto* searched = estimator.searched()) {
    result.search_score = searched->best_candidate().mean;
    result.search_metric = searched->scoring;
    result.fit_seconds = searched->refit_seconds;
  }
  Verdict verdict = judge(contender.model, valid.table, valid.recordings, options, "compare");
  result.valid = named_scores(verdict, scorers, valid.groups);
  add_tables(result, verdict, contender.model, valid.table);
  result.taken = std::move(verdict.taken);
  result.predicted = std::move(verdict.answers.predicted);
  result.scores = std::move(verdict.answers.scores);
  result.kind = verdict.answers.kind;
  if (train) {
    const Verdict seen = judge(contender.model, train->table, train->recordings, options, "compare");
    result.train = named_scores(seen, scorers, train->groups);
  }
  return result;
}

const Entry& compare_entry = register_entry(
    "evaluate", "compare",
    {.summary =
         "Judges models on one dataset: scores with 95 % intervals, best first, differences beyond chance. Without "
         "`top` or `metrics` the table is that of papers: accuracy, precision, recall, F1 (macro, weighted), train "
         "beside test, seconds of the fit. A dataset over which no chain is mapped is described for each model as its "
         "own data were, so that a network stands beside a forest; or takes results of the same recordings, "
         "evaluate.compare { CNN = a, SVM = b }.",
     .returns = "Results: best, models; prints as a table",
     .example = "evaluate.compare({ SVM = model, ['k-NN'] = other }, songs, { top = { 1, 3 } })",
     .source = "scikit-learn's scores; Hartigan, Using subsample values as typical values (1969)"},
    with_arguments({{"models", "list of models", "of the same classes; by name, or in a list; or Results"},
                    {"data", "table", "what they are judged on; none beside Results"}},
                   schema_of<CompareOptions>()));

}  // namespace

Schema CompareOptions::schema() {
  return with_vote(
      {Option{
           "metrics", &CompareOptions::metrics,
           "what is measured, the first ranks: 'accuracy', 'f1_weighted'; empty: accuracy, top_k by `top`, precision, "
           "recall, f1, and without `top` f1_weighted; of tags PR-AUC, ROC-AUC and F1, macro and micro; of numbers R2, "
           "MAE, RMSE and Pearson's r"},
       Option{"top", &CompareOptions::top,
              "ranks that count as right: 3 is top-3; empty: none, but { 1, 3 } where one model is judged alone",
              kPositive},
       Option{"train", &CompareOptions::train,
              "what the models were fitted on, to be judged beside; those that are not fitted yet learn from it",
              Kind{"dataset"}},
       Option{
           "thresholds", &CompareOptions::thresholds,
           "rows on which the score from which on a recording has a tag is chosen, for the best F1 of each; the models "
           "keep them",
           Kind{"dataset"}},
       Option{"chain", &CompareOptions::chain,
              "'any' judges a model on data of another chain than it learnt from too: other features, rates or scalers",
              Choices{"same", "any"}}});
}

Results compare(const std::vector<Contender>& models, const data::Table& valid, const data::Table* train,
                const CompareOptions& options) {
  if (models.empty()) throw ArgumentError("compare: needs at least one model");
  check_models(models, valid, options);
  if (train) check_models(models, *train, options);
  const auto& classes = models.front().model.classes;
  const data::Table known = valid.with_classes(classes, "compare");
  const CompareOptions fitted = fitting(options, classes.size());
  check(known, fitted);
  const auto scorers = scorers_of(known.target, fitted);
  const Jury jury(known, fitted);
  std::optional<data::Table> seen_rows;
  std::optional<Jury> seen;
  if (train) seen.emplace(seen_rows.emplace(train->with_classes(classes, "compare")), fitted);
  Results results;
  results.classes = known.classes;
  results.ids = jury.recordings.ids;
  results.paths = jury.recordings.paths;
  results.groups = jury.recordings.groups;
  results.target = known.target;
  results.truth = jury.recordings.y;
  results.values = jury.recordings.values;
  results.label = known.label;
  results.group = known.group;
  for (const auto& scorer : scorers) results.metrics.push_back(scorer.name());
  results.chosen = !fitted.metrics.empty();
  results.rows = known.rows();
  results.vote = fitted.vote;
  results.over = fitted.over;
  results.synthetic = known.synthetic;
  for (const auto& contender : models) {
    results.synthetic = results.synthetic || contender.model.synthetic;
    results.models.push_back(result_of(contender, jury, seen ? &*seen : nullptr, fitted, scorers));
  }
  rank(results, scorers[0], jury.groups);
  return results;
}

std::vector<size_t> places_in(const Results& results, const Results& other) {
  if (results.ids == other.ids && results.paths == other.paths && results.truth == other.truth &&
      results.values.values == other.values.values) {
    std::vector<size_t> same(results.size());
    std::iota(same.begin(), same.end(), size_t{0});
    return same;
  }
  std::map<std::string, size_t> known;
  for (size_t i = 0; i < other.size(); ++i) known[key_of(other, i)] = i;
  if (known.size() != results.size()) return {};
  std::vector<size_t> places;
  for (size_t i = 0; i < results.size(); ++i) {
    const auto found = known.find(key_of(results, i));
    if (found == known.end()) return {};
    places.push_back(found->second);
  }
  return places;
}

std::string why_apart(const Results& a, const Results& b) {
  if (a.classes != b.classes) return "know different classes";
  if (a.target != b.target) return "foretell different things";
  if (a.size() != b.size() || places_in(a, b).empty()) return "were judged on different recordings";
  if (a.metrics != b.metrics) return "were measured by different metrics";
  return "";
}

Results together(const std::vector<Results>& parts) {
  if (parts.empty()) throw ArgumentError("compare: needs at least one model");
  Results all = parts.front();
  for (size_t i = 1; i < parts.size(); ++i) {
    const Results& part = parts[i];
    if (const std::string why = why_apart(all, part); !why.empty()) {
      throw ArgumentError("compare: " + all.models.front().name + " and " + part.models.front().name + " " + why);
    }
    const auto places = places_in(all, part);
    for (const auto& model : part.models) all.models.push_back(in_order(model, places));
    all.synthetic = all.synthetic || part.synthetic;
    all.rows = std::max(all.rows, part.rows);
  }
  std::set<std::string> names;
  for (const auto& model : all.models) {
    if (!names.insert(model.name).second) throw ArgumentError("compare: two models are called '" + model.name + "'");
  }
  rank(all, metric::Scorer(all.metrics.front()), Groups(all.groups, all.size()));
  return all;
}

Schema ScoreOptions::schema() {
  return with_vote({Option{"metric", &ScoreOptions::metric, "what is measured: 'accuracy', 'f1_macro', 'top_3'"}});
}

std::vector<double> chosen_thresholds(const model::Model& model, const data::Table& table, const VoteOptions& options,
                                      const std::string& who) {
  model::check_predictor(model, who);
  model::check_target(model, table, who);
  if (table.target != Target::tags || !table.has_labels()) {
    throw ArgumentError(who + ": 'thresholds' needs rows with several tags, and these have " +
                        words_of(table.has_labels() ? table.target : Target::none));
  }
  const data::Table known = table.with_classes(model.classes, who);
  const Recordings recordings = recordings_of(known, options);
  check_labels(known, recordings);
  return metric::best_thresholds(judge(model, known, recordings, options, who).view());
}

double score(const model::Model& model, const data::Table& table, const ScoreOptions& options, const std::string& who) {
  model::check_predictor(model, who);
  model::check_target(model, table, who);
  model::check_columns(model, table, who);
  model::check_chain(model, table, who);
  if (!table.has_labels()) throw ArgumentError(who + ": the table has no labels");
  const metric::Scorer scorer(options.metric, who);
  const data::Table known = table.with_classes(model.classes, who);
  const Recordings recordings = recordings_of(known, options);
  check_labels(known, recordings);
  return scorer.score(judge(model, known, recordings, options, who).view());
}

}  // namespace lumir::evaluate
