// A metric under one word: what comparisons, searches and tables are told to measure.
//
// scikit-learn's scoring strings, read from the schemas of what is registered: a metric's name, with the word of one of
// its options behind it ("f1_macro", "f1_weighted"), or with a number where its name ends in that of a number ("top_k":
// "top_1", "top_3"). So a new metric is known here by its registration alone.

#pragma once

#include "metric/metric.h"

namespace lumir::metric {

class Scorer {
 public:
  /// Throws ArgumentError for an unknown name, with the nearest one: "WHO: there is no metric 'f1_macr' ...".
  explicit Scorer(const std::string& name, const std::string& who = "metric");

  /// As it was asked for: "f1_weighted".
  const std::string& name() const { return name_; }
  const Entry& entry() const { return *entry_; }
  /// What the name says of them: { average = "weighted" }.
  const Map& options() const { return options_; }
  Needs needs() const { return traits_->needs; }
  bool measures(Target target) const { return traits_->measures(target); }
  bool greater_is_better() const { return traits_->greater_is_better; }
  /// Whether `a` is a better score than `b`.
  bool better(double a, double b) const { return greater_is_better() ? a > b : a < b; }

  /// "macro F1", "top-3", "accuracy": the way of averaging is always said.
  std::string title() const { return written(true); }
  /// "F1", "weighted F1": the way of averaging is said where it is not the default.
  std::string short_title() const { return written(false); }

  /// Checks the answers and reads them. Throws ArgumentError where they do not serve, or for what is no single number.
  Measurer measurer(const Answers& answers) const;
  double score(const Answers& answers) const;

 private:
  std::string written(bool whole) const;
  std::string name_;
  const Entry* entry_;
  const Traits* traits_;
  Map options_;
  Configured metric_;
};

/// Whether more is better of what has such a name: as its metric says, or as the words 'loss' and 'error' in the name
/// of what is none ("loss", of a training).
bool greater_is_better(const std::string& name);

/// What scores one model or setting by where nothing else is asked for: "accuracy", of tags "average_precision", of
/// numbers "r2".
std::string usual_metric(Target target);

/// The number that a metric gave; throws ArgumentError where it gave a list.
double single_number(const std::string& who, const Value& value);

}  // namespace lumir::metric
