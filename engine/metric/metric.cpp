// Metrics by name, and the checks that all of them need.

#include "metric/metric.h"

#include <cmath>
#include <numeric>

#include "core/error.h"
#include "metric/scorer.h"
#include "metric/table.h"

namespace lumir::metric {
namespace {

void check_labels(const std::string& who, const char* side, std::span<const int> labels, int n_classes) {
  for (const int y : labels) {
    if (y >= 0 && y < n_classes) continue;
    throw ArgumentError(who + ": '" + side + "' holds class " + std::to_string(y + 1) + ", classes are 1 to " +
                        std::to_string(n_classes));
  }
}

/// No rank and no mean has room for what is no number.
void check_numbers(const std::string& who, const Matrix& scores) {
  for (size_t i = 0; i < scores.rows; ++i) {
    for (const double score : scores.row(i)) {
      if (!std::isnan(score)) continue;
      throw ArgumentError(who + ": the scores of row " + std::to_string(i + 1) + " hold NaN");
    }
  }
}

/// A row's probabilities are 0 to 1, and sum to 1 but for the rounding of what wrote them down.
void check_probabilities(const std::string& who, const Matrix& scores) {
  constexpr double kRounding = 1e-2;
  for (size_t i = 0; i < scores.rows; ++i) {
    double sum = 0;
    for (const double score : scores.row(i)) {
      sum += score;
      if (score >= 0 && score <= 1 + 1e-6) continue;
      throw ArgumentError(who + ": row " + std::to_string(i + 1) + " holds " + show_number(score) +
                          ", which is no probability (0 to 1)");
    }
    if (std::abs(sum - 1) <= kRounding) continue;
    throw ArgumentError(who + ": the probabilities of row " + std::to_string(i + 1) + " sum to " + show_number(sum) +
                        ", not to 1");
  }
}

std::string shape_of(const Matrix& matrix) {
  return "[" + std::to_string(matrix.rows) + ", " + std::to_string(matrix.columns) + "]";
}

void check_scores(const std::string& who, const Answers& answers, Needs needs) {
  const size_t rows = answers.rows();
  if (!answers.scores) throw ArgumentError(who + ": needs scores to rank by");
  if (answers.scores->rows != rows || answers.scores->columns != static_cast<size_t>(answers.n_classes)) {
    throw ArgumentError(who + ": 'scores' is " + shape_of(*answers.scores) + ", [" + std::to_string(rows) + ", " +
                        std::to_string(answers.n_classes) + "] is wanted");
  }
  if (needs == Needs::kProbabilities && answers.kind == ScoreKind::decisions) {
    throw ArgumentError(who + ": needs probabilities, and these scores are " + name_of(answers.kind));
  }
  check_numbers(who, *answers.scores);
  if (needs == Needs::kProbabilities) check_probabilities(who, *answers.scores);
}

void check_classes(const std::string& who, const Answers& answers, Needs needs) {
  check_labels(who, "truth", answers.truth, answers.n_classes);
  if (needs != Needs::kClasses) return check_scores(who, answers, needs);
  const size_t rows = answers.truth.size();
  if (answers.predicted.size() != rows) {
    throw ArgumentError(who + ": " + std::to_string(answers.predicted.size()) + " predictions for " +
                        std::to_string(rows) + " rows");
  }
  check_labels(who, "predicted", answers.predicted, answers.n_classes);
}

/// Only 0 and 1 say whether a row has a tag.
void check_tags(const std::string& who, const char* side, const Matrix& tags) {
  for (size_t i = 0; i < tags.rows; ++i) {
    for (const double tag : tags.row(i)) {
      if (tag == 0 || tag == 1) continue;
      throw ArgumentError(who + ": row " + std::to_string(i + 1) + " of '" + side + "' holds " + show_number(tag) +
                          ", tags are 0 or 1");
    }
  }
}

void check_all_tags(const std::string& who, const Answers& answers, Needs needs) {
  check_tags(who, "truth", *answers.values);
  if (needs != Needs::kClasses) return check_scores(who, answers, needs);
  const Matrix none;
  const Matrix& taken = answers.taken ? *answers.taken : none;
  if (taken.rows != answers.values->rows || taken.columns != answers.values->columns) {
    throw ArgumentError(who + ": 'predicted' is " + shape_of(taken) + ", " + shape_of(*answers.values) + " is wanted");
  }
  check_tags(who, "predicted", taken);
}

}  // namespace

std::map<std::string, Registered, std::less<>>& table() {
  static std::map<std::string, Registered, std::less<>> all;
  return all;
}

const Registered& find(std::string_view name) {
  const std::string_view plain = without_module(name);
  if (const auto found = table().find(plain); found != table().end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, registered] : table()) names.push_back(known);
  throw ArgumentError("metric: there is no '" + std::string(plain) + "'" + did_you_mean(plain, names));
}

Measurer Measurer::mean(std::vector<double> rows) {
  const auto kept = std::make_shared<const std::vector<double>>(std::move(rows));
  Measurer measurer([kept](Weights weights) -> Value {
    if (weights.empty()) {
      return std::accumulate(kept->begin(), kept->end(), 0.0) / static_cast<double>(kept->size());
    }
    const double sum = std::inner_product(kept->begin(), kept->end(), weights.begin(), 0.0);
    return sum / std::accumulate(weights.begin(), weights.end(), 0.0);
  });
  measurer.rows_ = kept;
  return measurer;
}

Measurer Measurer::share(std::vector<double> rows) {
  Measurer measurer = mean(std::move(rows));
  measurer.share_ = true;
  return measurer;
}

Measurer Measurer::smooth(Function measure) {
  Measurer measurer(std::move(measure));
  measurer.smooth_ = true;
  return measurer;
}

std::vector<Argument> arguments_of(const Traits& traits) {
  if (!traits.measures(Target::classes) && traits.measures(Target::numbers)) {
    return {{"truth", "list of number", "the right number of each row, or a list of them"},
            {"predicted", "list of number", "what was foretold, in the same shape"}};
  }
  if (!traits.measures(Target::classes)) {
    return {{"truth", "list of lists", "the tags of each row, by name or as 0 and 1"},
            {"predicted", "list of lists", "those that it was given"}};
  }
  const bool tags = traits.measures(Target::tags);
  switch (traits.needs) {
    case Needs::kScores:
      return {{"truth", tags ? "list" : "list of integer",
               std::string("the right class of each row, from 1") + (tags ? "; or its tags, a 0 or 1 for each" : "")},
              {"scores", "list of list of number",
               std::string("of each row, one for each class") + (tags ? " or tag" : "") + ": higher is likelier"}};
    case Needs::kProbabilities:
      return {{"truth", "list of integer", "the right class of each row, from 1"},
              {"scores", "list of list of number", "of each row, the probability of each class"}};
    case Needs::kClasses: break;
  }
  return {{"truth", "list", std::string("the right class of each row") + (tags ? ", or a list of its tags" : "")},
          {"predicted", "list", "what each row was taken for"}};
}

bool is_metric(std::string_view name) { return table().contains(name); }
const Traits& traits_of(std::string_view name) { return find(name).traits; }

void register_metric(const Entry& entry, Traits traits, std::function<Configured(const Map& options)> configure) {
  table()[entry.name] = {&entry, std::move(traits), std::move(configure)};
}

void check_answers(const std::string& who, const Answers& answers, const Traits& traits) {
  if (answers.rows() == 0) throw ArgumentError(who + ": there are no rows");
  if (!traits.measures(answers.target)) {
    std::string measured;
    for (const Target target : traits.targets)
      measured += (measured.empty() ? "" : " or ") + std::string(words_of(target));
    throw ArgumentError(who + ": measures " + measured + ", and these rows have " + words_of(answers.target));
  }
  if (answers.target == Target::classes) return check_classes(who, answers, traits.needs);
  if (answers.target == Target::tags) return check_all_tags(who, answers, traits.needs);
  check_numbers(who, *answers.values);
  check_scores(who, answers, Needs::kScores);
}

Value measure(const std::string& name, const Map& options, const Answers& answers) {
  const Registered& metric = find(name);
  check_answers(metric.entry->name, answers, metric.traits);
  return metric.configure(options)(answers)();
}

double measure_number(const std::string& name, const Map& options, const Answers& answers) {
  return single_number(find(name).entry->name, measure(name, options, answers));
}

}  // namespace lumir::metric
