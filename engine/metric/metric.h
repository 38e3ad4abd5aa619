// What a metric is: a number (or a table) that says how far predictions agree with the truth.
//
// One file each, registered with its name, options and words, so that Lua, comparisons, searches, reports and records
// find it by name:
//
//   Measurer accuracy(const Answers& answers, const NoOptions&) {
//     std::vector<double> right;
//     for (size_t i = 0; i < answers.truth.size(); ++i) right.push_back(answers.truth[i] == answers.predicted[i]);
//     return Measurer::share(std::move(right));
//   }
//   const RegisterMetric<NoOptions> accuracy_metric{"accuracy", accuracy, {.summary = ...}};
//
// The function reads the answers once; the Measurer that it returns is asked for the number, with other weights of the
// rows again and again where chance is to be told (thousands of bootstrap draws). Definitions are those of
// scikit-learn: a ratio with nothing below the line is 0 (zero_division = 0), and an average over classes is one over
// those that occur in the truth or in the predictions.

#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/matrix.h"
#include "core/registry.h"
#include "core/score_kind.h"
#include "core/target.h"

namespace lumir::metric {

/// What a metric looks at. Classes count from 0.
struct Answers {
  std::span<const int> truth;             // [rows], of classes
  std::span<const int> predicted;         // [rows]; may be empty for a metric that ranks by scores
  const Matrix* scores = nullptr;         // [rows, n_classes], higher is likelier; numbers that were foretold
  int n_classes = 0;                      // or tags, or numbers of a row
  ScoreKind kind = ScoreKind::decisions;  // what the scores are
  Target target = Target::classes;
  const Matrix* values = nullptr;  // [rows, n_classes]: the truth of tags, 0 or 1, and of numbers
  const Matrix* taken = nullptr;   // [rows, n_classes] of 0 and 1: the tags that each row was given

  size_t rows() const { return values ? values->rows : truth.size(); }
  /// Whether a row is of a class, or has a tag.
  bool is(size_t row, int of) const { return values ? (*values)(row, static_cast<size_t>(of)) > 0 : truth[row] == of; }
  /// Whether it was taken for it.
  bool taken_for(size_t row, int of) const {
    return taken ? (*taken)(row, static_cast<size_t>(of)) > 0 : predicted[row] == of;
  }
};

/// The weight of each row; none stand for a weight of 1 each. A weight is scikit-learn's sample_weight: a row of weight
/// 3 counts like three rows.
using Weights = std::span<const double>;

/// A metric that has read its answers. They must outlive it.
class Measurer {
 public:
  using Function = std::function<Value(Weights weights)>;
  /// `measure` gives the number, a list (one for each class) or a list of rows; it is called from several threads.
  explicit Measurer(Function measure) : measure_(std::move(measure)) {}
  /// The mean of one number for each row.
  static Measurer mean(std::vector<double> rows);
  /// The same of shares, 0 to 1: of what can be right of each row, how much is.
  static Measurer share(std::vector<double> rows);
  /// What says how far chance reaches if it is measured again on subsets of the groups: each number that it is made of is
  /// seen in most of them. An average over classes of which each is seen in a group or two is none.
  static Measurer smooth(Function measure);

  Value operator()(Weights weights = {}) const { return measure_(weights); }
  /// The numbers whose mean it is; null where it is none.
  const std::vector<double>* rows() const { return rows_.get(); }
  bool is_smooth() const { return smooth_; }
  /// Whether the rows are shares: 0 and 1 are bounds then, which a mean of other numbers has not.
  bool is_share() const { return share_; }

 private:
  Function measure_;
  bool smooth_ = false, share_ = false;
  std::shared_ptr<const std::vector<double>> rows_;
};

/// What a metric reads beside the truth.
enum class Needs {
  kClasses,        // what each row was taken for: a class, tags, numbers
  kScores,         // a score of each class, to rank by
  kProbabilities,  // the same, where those of a row are shares that sum to 1
};

/// What is known of a metric besides its words.
struct Traits {
  Needs needs = Needs::kClasses;
  bool greater_is_better = true;
  std::string title = "";  // as tables write it: "F1"; empty: its name with spaces
  std::vector<Target> targets = {Target::classes};

  bool measures(Target target) const { return std::find(targets.begin(), targets.end(), target) != targets.end(); }
};

/// A metric whose options are read: it makes a Measurer of answers that were checked.
using Configured = std::function<Measurer(const Answers& answers)>;

/// The metric called "top_k" or "metric.top_k": a number, a list (one for each class) or a list of rows. Throws
/// ArgumentError for an unknown name or option, no rows, sides of different lengths, or labels that are no class.
Value measure(const std::string& name, const Map& options, const Answers& answers);
/// The same for metrics that give one number.
double measure_number(const std::string& name, const Map& options, const Answers& answers);

/// Throws the errors that measure promises; `who` begins the text.
void check_answers(const std::string& who, const Answers& answers, const Traits& traits);

/// True for the name of a registered metric.
bool is_metric(std::string_view name);
/// What is known of the metric of that name.
const Traits& traits_of(std::string_view name);
/// truth, and predicted or scores.
std::vector<Argument> arguments_of(const Traits& traits);

void register_metric(const Entry& entry, Traits traits, std::function<Configured(const Map& options)> configure);

template <class Options>
struct RegisterMetric {
  RegisterMetric(const char* name, Measurer (*function)(const Answers&, const Options&), Words words,
                 Traits traits = {}, std::source_location where = std::source_location::current()) {
    const Schema schema = with_arguments(arguments_of(traits), schema_of<Options>());
    const Entry& entry = register_entry("metric", name, std::move(words), schema, where);
    register_metric(entry, std::move(traits), [&entry, function](const Map& given) -> Configured {
      const auto options = read_options<Options>(given, entry.name);
      return [function, options](const Answers& answers) { return function(answers, options); };
    });
  }
};

}  // namespace lumir::metric
