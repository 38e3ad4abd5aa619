// lumir.metric: every registered metric, on lists of words or class numbers.

#include "metric/metric.h"

#include <cmath>

#include "bind/bind.h"
#include "data/labels.h"
#include "metric/classification_report.h"

namespace lumir::lua {
namespace {

std::vector<std::string> words_of(const List& list) {
  std::vector<std::string> words;
  for (const auto& word : list) words.push_back(word.text() ? *word.text() : show(word));
  return words;
}

/// metric.top_k(truth, scores, { k }): truth as class numbers from 1, scores as rows of numbers.
int measure_scores(Call& call, const Entry& entry) {
  const List truth = call.list(1, "truth"), rows = call.list(2, "scores");
  Matrix scores(rows.size(), rows.empty() || !rows[0].list() ? 0 : rows[0].list()->size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].list() || rows[i].list()->size() != scores.columns) {
      throw ArgumentError(entry.name + ": row " + std::to_string(i + 1) + " of 'scores' has another length");
    }
    for (size_t j = 0; j < scores.columns; ++j) {
      const double* number = (*rows[i].list())[j].number();
      if (!number) throw ArgumentError(entry.name + ": 'scores' must hold numbers");
      scores(i, j) = *number;
    }
  }
  std::vector<int> classes;
  for (const auto& position : truth) {
    const double* number = position.number();
    if (!number || *number != std::floor(*number) || *number < 1 || *number > static_cast<double>(scores.columns)) {
      throw ArgumentError(entry.name + ": 'truth' must hold class numbers from 1 to " + std::to_string(scores.columns) +
                          ", got " + show(position));
    }
    classes.push_back(static_cast<int>(*position.number()) - 1);
  }
  const metric::Answers answers{classes, {}, &scores, static_cast<int>(scores.columns), ScoreKind::probabilities};
  return call.push(metric::measure(entry.name, call.map(3, "options"), answers));
}

/// Two lists of labels as class numbers, and what these are called.
struct Labels {
  std::vector<std::string> classes;
  std::vector<int> truth, predicted;

  explicit Labels(Call& call) {
    const auto true_words = words_of(call.list(1, "truth")), guessed_words = words_of(call.list(2, "predicted"));
    auto all = true_words;
    all.insert(all.end(), guessed_words.begin(), guessed_words.end());
    classes = data::classes_among(std::move(all));
    truth = data::places_of(true_words, classes);
    predicted = data::places_of(guessed_words, classes);
  }
  metric::Answers answers() const { return {truth, predicted, nullptr, static_cast<int>(classes.size())}; }
};

int measure_words(Call& call, const Entry& entry) {
  const Labels labels(call);
  return call.push(metric::measure(entry.name, call.map(3, "options"), labels.answers()));
}

struct ReportOptions {
  int digits = 2;
  static Schema schema() { return {Option{"digits", &ReportOptions::digits, "behind the point", Range{0, 12}}}; }
};

int classification_report(Call& call) {
  call.at_most(3);
  const Labels labels(call);
  return call.push(
      metric::classification_report(labels.answers(), labels.classes, call.options<ReportOptions>(3).digits));
}

void open_metrics(ModuleTable& module) {
  for (const Entry* entry : entries("metric")) {
    if (!metric::is_metric(entry->name)) continue;
    const bool ranks = metric::needs_of(entry->name) != metric::Needs::kClasses;
    module.function(entry->name, [entry, ranks](Call& call) {
      call.at_most(3);
      return ranks ? measure_scores(call, *entry) : measure_words(call, *entry);
    });
  }
}

const Module metric_module =
    Module("metric", open_metrics)
        .function("classification_report", classification_report,
                  {.summary = "Precision, recall, F1 and rows of each class and their averages, as text.",
                   .returns = "text in scikit-learn's layout",
                   .example = "metric.classification_report({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
                   .source = "scikit-learn's classification_report",
                   .parameters = with_arguments({{"truth", "list of labels", "the true class of each row"},
                                                 {"predicted", "list of labels", "what it was taken for"}},
                                                schema_of<ReportOptions>())});

}  // namespace
}  // namespace lumir::lua
