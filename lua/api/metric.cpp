// lumir.metric: every registered metric, on lists of words, class numbers, tags or numbers.

#include "metric/metric.h"

#include <cmath>

#include "api/labels.h"
#include "bind/bind.h"
#include "data/label_kind.h"
#include "data/labels.h"
#include "metric/classification_report.h"
#include "metric/scorer.h"

namespace lumir::lua {
namespace {

std::vector<std::string> words_of(const List& list) {
  std::vector<std::string> words;
  for (const auto& word : list) words.push_back(word.text() ? *word.text() : show(word));
  return words;
}

/// A list of rows of numbers, or a list of numbers, each of which is a row.
Matrix matrix_of(const Entry& entry, const char* name, const List& rows) {
  const List* first = rows.empty() ? nullptr : rows[0].list();
  Matrix matrix(rows.size(), first ? first->size() : rows.empty() ? 0 : 1);
  for (size_t i = 0; i < rows.size(); ++i) {
    const List alone{rows[i]};
    const List& row = first && rows[i].list() ? *rows[i].list() : alone;
    if ((rows[i].list() != nullptr) != (first != nullptr) || row.size() != matrix.columns) {
      throw ArgumentError(entry.name + ": row " + std::to_string(i + 1) + " of '" + name + "' has another length");
    }
    for (size_t j = 0; j < matrix.columns; ++j) {
      const double* number = row[j].number();
      if (!number) throw ArgumentError(entry.name + ": '" + name + "' must hold numbers");
      matrix(i, j) = *number;
    }
  }
  return matrix;
}

std::vector<int> positions_of(const Entry& entry, const List& truth, size_t n_classes) {
  std::vector<int> classes;
  for (const auto& position : truth) {
    const double* number = position.number();
    if (!number || *number != std::floor(*number) || *number < 1 || *number > static_cast<double>(n_classes)) {
      throw ArgumentError(entry.name + ": 'truth' must hold class numbers from 1 to " + std::to_string(n_classes) +
                          ", got " + show(position));
    }
    classes.push_back(static_cast<int>(*number) - 1);
  }
  return classes;
}

/// True for rows; an empty table in Lua is no list yet.
bool holds_lists(const List& list) { return !list.empty() && (list[0].list() || list[0].map()); }

/// metric.top_k(truth, scores, { k }): truth as class numbers from 1, or rows of 0 and 1 for tags; scores as rows of
/// numbers.
int measure_scores(Call& call, const Entry& entry) {
  const List truth = call.list(1, "truth"), rows = call.list(2, "scores");
  if (!rows.empty() && !rows[0].list()) throw ArgumentError(entry.name + ": 'scores' must hold rows of numbers");
  const Matrix scores = matrix_of(entry, "scores", rows);
  metric::Answers answers{{}, {}, &scores, static_cast<int>(scores.columns), ScoreKind::probabilities};
  std::vector<int> classes;
  Matrix tags;
  if (holds_lists(truth)) {
    tags = matrix_of(entry, "truth", truth);
    answers.target = Target::tags;
    answers.values = &tags;
  } else {
    classes = positions_of(entry, truth, scores.columns);
    answers.truth = classes;
  }
  return call.push(metric::measure(entry.name, call.map(3, "options"), answers));
}

int measure_numbers(Call& call, const Entry& entry) {
  const Matrix truth = matrix_of(entry, "truth", call.list(1, "truth"));
  const Matrix predicted = matrix_of(entry, "predicted", call.list(2, "predicted"));
  metric::Answers answers{{}, {}, &predicted, static_cast<int>(truth.columns)};
  answers.target = Target::numbers;
  answers.values = &truth;
  return call.push(metric::measure(entry.name, call.map(3, "options"), answers));
}

/// The tags of rows, by name or as rows of 0 and 1.
struct TagLists {
  Matrix truth, predicted;

  TagLists(const Entry& entry, const List& true_rows, const List& given_rows) {
    if (holds_numbers(true_rows) || holds_numbers(given_rows)) {
      truth = matrix_of(entry, "truth", true_rows);
      predicted = matrix_of(entry, "predicted", given_rows);
      return;
    }
    const data::LabelKind kind{.target = Target::tags};
    const auto true_texts = texts_of(true_rows, kind), given_texts = texts_of(given_rows, kind);
    auto all = true_texts;
    all.insert(all.end(), given_texts.begin(), given_texts.end());
    const auto names = data::names_among(all, kind);
    truth = data::values_of(true_texts, names, kind);
    predicted = data::values_of(given_texts, names, kind);
  }

 private:
  static bool holds_numbers(const List& rows) {
    for (const auto& row : rows) {
      if (row.list() && !row.list()->empty()) return row.list()->front().number() != nullptr;
    }
    return false;
  }
  static std::vector<std::string> texts_of(const List& rows, const data::LabelKind& kind) {
    std::vector<std::string> texts;
    for (const auto& row : rows) texts.push_back(data::joined(tags_in(row), kind));
    return texts;
  }
};

/// Two lists of labels as class numbers, and what these are called.
struct Labels {
  std::vector<std::string> classes;
  std::vector<int> truth, predicted;

  explicit Labels(Call& call) {
    const auto true_words = words_of(call.list(1, "truth")), guessed_words = words_of(call.list(2, "predicted"));
    data::check_labels(call.who(), "truth", true_words);
    data::check_labels(call.who(), "predicted", guessed_words);
    auto all = true_words;
    all.insert(all.end(), guessed_words.begin(), guessed_words.end());
    classes = data::classes_among(std::move(all));
    truth = data::places_of(true_words, classes);
    predicted = data::places_of(guessed_words, classes);
  }
  metric::Answers answers() const { return {truth, predicted, nullptr, static_cast<int>(classes.size())}; }
};

int measure_words(Call& call, const Entry& entry) {
  const List truth = call.list(1, "truth");
  if (holds_lists(truth) || !metric::traits_of(entry.name).measures(Target::classes)) {
    const TagLists tags(entry, truth, call.list(2, "predicted"));
    metric::Answers answers{{}, {}, nullptr, static_cast<int>(tags.truth.columns)};
    answers.target = Target::tags;
    answers.values = &tags.truth;
    answers.taken = &tags.predicted;
    return call.push(metric::measure(entry.name, call.map(3, "options"), answers));
  }
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
    const metric::Traits& traits = metric::traits_of(entry->name);
    module.function(entry->name, [entry, &traits](Call& call) {
      call.at_most(3);
      if (traits.measures(Target::numbers)) return measure_numbers(call, *entry);
      return traits.needs != metric::Needs::kClasses ? measure_scores(call, *entry) : measure_words(call, *entry);
    });
  }
}

int greater_is_better(Call& call) {
  call.at_most(1);
  return call.push(metric::greater_is_better(call.text(1, "name")));
}

const Module metric_module =
    Module("metric", open_metrics)
        .function("greater_is_better", greater_is_better,
                  {.summary = "Whether more is better of what has such a name: of 'accuracy' yes, of 'log_loss' no.",
                   .returns = "true or false",
                   .example = "metric.greater_is_better 'log_loss'",
                   .source = "scikit-learn's make_scorer",
                   .parameters = {argument("name", "text",
                                           "as cross_validate and searches are told it; of other names losses and "
                                           "errors are those that say so")}})
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
