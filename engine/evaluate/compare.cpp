// Judging models on one table, on the same draws, so that differences are paired.

#include "evaluate/compare.h"

#include <algorithm>

#include "core/error.h"
#include "core/random.h"
#include "core/registry.h"
#include "evaluate/resample.h"
#include "evaluate/submission.h"
#include "metric/confusion.h"

namespace lumir::evaluate {
namespace {

/// What is known of each row of a table for one model: enough for every score of every draw.
struct Verdict {
  std::vector<int> truth;
  std::vector<int> predicted;
  std::vector<int> place;  // of the true class in the ranking, from 0
  int n_classes = 0;
};

Matrix confusion_of(const Verdict& verdict, const std::vector<int>& rows) {
  std::vector<int> truth, predicted;
  for (const int i : rows) {
    truth.push_back(verdict.truth[static_cast<size_t>(i)]);
    predicted.push_back(verdict.predicted[static_cast<size_t>(i)]);
  }
  return metric::confusion({truth, predicted, nullptr, verdict.n_classes});
}

std::vector<std::string> score_names(const std::vector<int>& top) {
  std::vector<std::string> names{"accuracy", "precision", "recall", "f1"};
  for (const int k : top) names.push_back("top_" + std::to_string(k));
  return names;
}

/// Numbers in the order of score_names.
std::vector<double> scores_of(const Verdict& verdict, const std::vector<int>& top, const std::vector<int>& rows) {
  const auto ratios = metric::ratios(confusion_of(verdict, rows));
  double right = 0;
  for (const int i : rows) right += verdict.predicted[static_cast<size_t>(i)] == verdict.truth[static_cast<size_t>(i)];
  const auto n = static_cast<double>(rows.size());
  std::vector<double> numbers{right / n, metric::macro_average(ratios.precision, ratios.present),
                              metric::macro_average(ratios.recall, ratios.present),
                              metric::macro_average(ratios.f1, ratios.present)};
  for (const int k : top) {
    double among = 0;
    for (const int i : rows) among += verdict.place[static_cast<size_t>(i)] < k;
    numbers.push_back(among / n);
  }
  return numbers;
}

Verdict judge(const model::Estimator& model, const data::Table& table, Matrix* scores) {
  Verdict verdict;
  verdict.truth = table.y;
  verdict.n_classes = static_cast<int>(table.classes.size());
  model::Predictions answers = model.answer(table);
  *scores = std::move(answers.scores);
  if (scores->columns != table.classes.size()) {
    throw ArgumentError("compare: " + model.name() + " knows " + std::to_string(scores->columns) +
                        " classes, the table has " + std::to_string(table.classes.size()));
  }
  verdict.predicted = std::move(answers.predicted);
  for (const auto& ranked : ranking(*scores, scores->columns)) {
    const size_t row = verdict.place.size();
    const auto found = std::find(ranked.begin(), ranked.end(), table.y[row]);
    verdict.place.push_back(static_cast<int>(found - ranked.begin()));
  }
  return verdict;
}

Scores named_scores(const Verdict& verdict, const std::vector<int>& top, const Resampler& resampler) {
  const auto found = intervals(resampler, verdict.truth.size(),
                               [&](const std::vector<int>& rows) { return scores_of(verdict, top, rows); });
  Scores scores;
  const auto names = score_names(top);
  for (size_t i = 0; i < names.size(); ++i) scores[names[i]] = found[i];
  return scores;
}

std::vector<ClassScores> class_table(const Matrix& confusion, const std::vector<std::string>& classes) {
  const auto ratios = metric::ratios(confusion);
  std::vector<ClassScores> rows;
  for (size_t i = 0; i < classes.size(); ++i) {
    rows.push_back({classes[i], ratios.precision[i], ratios.recall[i], ratios.f1[i], ratios.support[i]});
  }
  return rows;
}

/// Accuracy of one model less that of another, on the same draws.
Difference difference(const ModelResult& better, const ModelResult& worse, const std::vector<int>& truth,
                      const Resampler& resampler) {
  const auto gain = intervals(resampler, truth.size(), [&](const std::vector<int>& rows) {
    double sum = 0;
    for (const int i : rows) {
      const auto at = static_cast<size_t>(i);
      sum += (better.predicted[at] == truth[at]) - (worse.predicted[at] == truth[at]);
    }
    return std::vector{sum / static_cast<double>(rows.size())};
  });
  return {better.name, worse.name, gain[0], gain[0].low > 0 || gain[0].high < 0};
}

void check(const std::vector<Contender>& models, const data::Table& table, const CompareOptions& options) {
  if (models.empty()) throw ArgumentError("compare: needs at least one model");
  if (table.rows() == 0) throw ArgumentError("compare: the table has no rows");
  if (table.y.empty()) throw ArgumentError("compare: the table has no labels to compare with");
  for (const int k : options.top) {
    if (k < 1 || k > static_cast<int>(table.classes.size())) {
      throw ArgumentError("compare: 'top' = " + std::to_string(k) + " is out of range (1 to " +
                          std::to_string(table.classes.size()) + " classes)");
    }
  }
  for (const auto& contender : models) {
    if (!contender.model->fitted()) throw ArgumentError("compare: " + contender.name + " is not fitted yet");
  }
}

ModelResult result_of(const Contender& contender, const data::Table& valid, const data::Table* train,
                      const CompareOptions& options, const Resampler& resampler) {
  ModelResult result;
  result.name = contender.name;
  result.settings = model::settings_of(*contender.model);
  result.fit_seconds = contender.fit_seconds;
  if (const auto* searched = contender.model->searched()) {
    result.search_score = searched->best_candidate().mean;
    result.fit_seconds = searched->refit_seconds;
  }
  const Verdict verdict = judge(*contender.model, valid, &result.scores);
  result.predicted = verdict.predicted;
  result.valid = named_scores(verdict, options.top, resampler);
  result.confusion = metric::confusion({verdict.truth, verdict.predicted, nullptr, verdict.n_classes});
  result.per_class = class_table(result.confusion, valid.classes);
  if (train) {
    Matrix unused;
    const Verdict seen = judge(*contender.model, *train, &unused);
    result.train = named_scores(seen, options.top, Resampler(train->groups, train->rows(), global_seed()));
  }
  return result;
}

const Entry& compare_entry = register_entry(
    "evaluate", "compare",
    {.summary =
         "Judges fitted models on one dataset: scores with 95 % intervals, best first, differences beyond chance.",
     .returns = "Results: best, models; prints as a table",
     .example = "evaluate.compare({ SVM = model, ['k-NN'] = other }, songs, { top = { 1, 3 } })",
     .source = "scikit-learn's scores; Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 13"},
    with_arguments({{"models", "list of models", "fitted on the same classes; by name, or in a list"},
                    {"data", "table", "what they are judged on"}},
                   schema_of<CompareOptions>()));

}  // namespace

Schema CompareOptions::schema() {
  return {
      Option{"top", &CompareOptions::top, "ranks that count as right: 3 is top-3", kPositive},
      Option{"train", &CompareOptions::train, "what the models were fitted on, to be judged beside", Kind{"dataset"}}};
}

Results compare(const std::vector<Contender>& models, const data::Table& valid, const data::Table* train,
                const CompareOptions& options) {
  check(models, valid, options);
  Results results;
  results.classes = valid.classes;
  results.ids = valid.ids;
  results.truth = valid.y;
  results.label = valid.label;
  results.group = valid.group;
  results.top = options.top;
  results.synthetic = valid.synthetic;
  const Resampler resampler(valid.groups, valid.rows(), global_seed());
  for (const auto& contender : models) results.models.push_back(result_of(contender, valid, train, options, resampler));
  std::stable_sort(results.models.begin(), results.models.end(), [](const auto& a, const auto& b) {
    const double left = a.valid.at("accuracy").value, right = b.valid.at("accuracy").value;
    return left != right ? left > right : a.name < b.name;
  });
  for (size_t i = 0; i < results.models.size(); ++i) {
    for (size_t j = i + 1; j < results.models.size(); ++j) {
      results.differences.push_back(difference(results.models[i], results.models[j], results.truth, resampler));
    }
  }
  return results;
}

}  // namespace lumir::evaluate
