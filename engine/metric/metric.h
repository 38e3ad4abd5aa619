// What a metric is: a number (or a table) that says how far predictions agree with the truth.
//
// One file each, registered with its name, options and words, so that Lua, tables and records find it by name:
//
//   const RegisterMetric<NoOptions> accuracy{"accuracy", measure_accuracy, {.summary = ...}};
//
// Definitions are those of scikit-learn: a ratio with nothing below the line is 0 (zero_division = 0), and an average
// over classes is one over those that occur in the truth or in the predictions.

#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/matrix.h"
#include "core/registry.h"

namespace lumir::metric {

/// What a metric looks at. Classes count from 0.
struct Answers {
  std::span<const int> truth;      // [rows]
  std::span<const int> predicted;  // [rows]; may be empty for a metric that ranks by scores
  const Matrix* scores = nullptr;  // [rows, n_classes], higher is likelier; needed by metrics that rank
  int n_classes = 0;
};

/// The metric called "top_k" or "metric.top_k": a number, a list (one for each class) or a list of rows. Throws
/// ArgumentError for an unknown name or option, no rows, sides of different lengths, or labels that are no class.
Value measure(const std::string& name, const Map& options, const Answers& answers);
/// The same for metrics that give one number.
double measure_number(const std::string& name, const Map& options, const Answers& answers);

/// Throws ArgumentError with the nearest name where no metric is called `name`.
void check_metric(const std::string& name);
/// Throws the errors that measure promises; `who` begins the text.
void check_answers(const std::string& who, const Answers& answers, bool needs_scores);

using MetricFunction = std::function<Value(const Answers& answers, const Map& options)>;
/// What a metric reads.
enum class Needs { kPredicted, kScores };
/// What the metric of that name reads.
Needs needs_of(std::string_view name);
/// truth, and predicted or scores.
std::vector<Argument> arguments_of(Needs needs);

void register_metric(const Entry& entry, MetricFunction function, Needs needs);

template <class Options>
struct RegisterMetric {
  RegisterMetric(const char* name, Value (*function)(const Answers&, const Options&), Words words,
                 Needs needs = Needs::kPredicted, std::source_location where = std::source_location::current()) {
    const Entry& entry =
        register_entry("metric", name, std::move(words), with_arguments(arguments_of(needs), schema_of<Options>()), where);
    const auto call = [&entry, function](const Answers& answers, const Map& options) {
      return function(answers, read_options<Options>(options, entry.name));
    };
    register_metric(entry, call, needs);
  }
};

}  // namespace lumir::metric
