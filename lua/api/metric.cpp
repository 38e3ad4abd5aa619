// lumir.metric: every registered metric, on lists of words or class numbers.

#include "metric/metric.h"

#include <cmath>

#include "bind/bind.h"
#include "data/labels.h"

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

int measure_words(Call& call, const Entry& entry) {
  const List truth = call.list(1, "truth"), predicted = call.list(2, "predicted");
  const auto true_words = words_of(truth), guessed_words = words_of(predicted);
  auto all = true_words;
  all.insert(all.end(), guessed_words.begin(), guessed_words.end());
  const auto classes = data::classes_among(std::move(all));
  const auto right = data::places_of(true_words, classes), guessed = data::places_of(guessed_words, classes);
  const metric::Answers answers{right, guessed, nullptr, static_cast<int>(classes.size())};
  return call.push(metric::measure(entry.name, call.map(3, "options"), answers));
}

const Module metric_module("metric", [](ModuleTable& module) {
  for (const Entry* entry : entries("metric")) {
    const bool ranks = metric::needs_of(entry->name) != metric::Needs::kClasses;
    module.function(entry->name, [entry, ranks](Call& call) {
      call.at_most(3);
      return ranks ? measure_scores(call, *entry) : measure_words(call, *entry);
    });
  }
});

}  // namespace
}  // namespace lumir::lua
