// Metrics by name, and the checks that all of them need.

#include "metric/metric.h"

#include <map>

#include "core/error.h"

namespace lumir::metric {
namespace {

struct Registered {
  const Entry* entry;
  MetricFunction function;
  Needs needs;
};

std::map<std::string, Registered, std::less<>>& table() {
  static std::map<std::string, Registered, std::less<>> all;
  return all;
}

const Registered& find(std::string_view name) {
  const std::string_view plain = name.starts_with("metric.") ? name.substr(7) : name;
  if (const auto found = table().find(plain); found != table().end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, registered] : table()) names.push_back(known);
  throw ArgumentError("metric: there is no '" + std::string(plain) + "'" + did_you_mean(plain, names));
}

void check_labels(const std::string& who, const char* side, std::span<const int> labels, int n_classes) {
  for (const int y : labels) {
    if (y >= 0 && y < n_classes) continue;
    throw ArgumentError(who + ": '" + side + "' holds " + std::to_string(y) + ", classes are 0 to " +
                        std::to_string(n_classes - 1));
  }
}

}  // namespace

std::vector<Argument> arguments_of(Needs needs) {
  if (needs == Needs::kScores) {
    return {{"truth", "list of integer", "the right class of each row, from 1"},
            {"scores", "list of list of number", "of each row, one for each class: higher is likelier"}};
  }
  return {{"truth", "list", "the right class of each row"}, {"predicted", "list", "what each row was taken for"}};
}

Needs needs_of(std::string_view name) { return find(name).needs; }

void register_metric(const Entry& entry, MetricFunction function, Needs needs) {
  table()[entry.name] = {&entry, std::move(function), needs};
}

void check_answers(const std::string& who, const Answers& answers, bool needs_scores) {
  if (answers.truth.empty()) throw ArgumentError(who + ": there are no rows");
  check_labels(who, "truth", answers.truth, answers.n_classes);
  const size_t rows = answers.truth.size();
  if (needs_scores) {
    if (!answers.scores) throw ArgumentError(who + ": needs scores to rank by");
    if (answers.scores->rows != rows || answers.scores->columns != static_cast<size_t>(answers.n_classes)) {
      throw ArgumentError(who + ": 'scores' is [" + std::to_string(answers.scores->rows) + ", " +
                          std::to_string(answers.scores->columns) + "], [" + std::to_string(rows) + ", " +
                          std::to_string(answers.n_classes) + "] is wanted");
    }
    return;
  }
  if (answers.predicted.size() != rows) {
    throw ArgumentError(who + ": " + std::to_string(answers.predicted.size()) + " predictions for " +
                        std::to_string(rows) + " rows");
  }
  check_labels(who, "predicted", answers.predicted, answers.n_classes);
}

void check_metric(const std::string& name) { find(name); }

Value measure(const std::string& name, const Map& options, const Answers& answers) {
  const Registered& metric = find(name);
  check_answers(metric.entry->name, answers, metric.needs == Needs::kScores);
  return metric.function(answers, options);
}

double measure_number(const std::string& name, const Map& options, const Answers& answers) {
  const Value value = measure(name, options, answers);
  if (const double* number = value.number()) return *number;
  throw ArgumentError(name + ": gives no single number with these options");
}

}  // namespace lumir::metric
