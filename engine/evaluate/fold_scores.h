// FoldScores: the results of fold after fold, of one setting or of several: means, their spread, and what all folds
// together say.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"
#include "evaluate/results.h"
#include "metric/spread.h"

namespace lumir::evaluate {

using metric::MeanAndSpread;

/// One setting of what is cross-validated.
class Setting {
 public:
  explicit Setting(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }
  /// The best model of the results of a fold.
  void add(const Results& results);
  const std::vector<Scores>& folds() const { return folds_; }
  /// A metric on each fold.
  std::vector<double> of(const std::string& metric) const;
  MeanAndSpread summary(const std::string& metric) const;
  /// The metric over the answers of all folds at once, with its 95 % interval by group. Every recording is tested in
  /// one fold, so no answer counts twice.
  Interval overall(const std::string& metric) const;

 private:
  std::string name_;
  std::vector<Scores> folds_;
  Results all_;        // what is true of the recordings of all folds
  ModelResult model_;  // and what was said of them
};

class FoldScores {
 public:
  /// One more fold of a setting; a recipe that has one setting only need not name it. Throws ArgumentError where the
  /// results have other metrics than those before.
  void add(const Results& results, const std::string& setting = "");
  const std::vector<Setting>& settings() const { return settings_; }
  /// Of all settings.
  size_t folds() const;
  const std::vector<std::string>& metrics() const { return metrics_; }
  /// The names of columns, then rows: of one setting each fold, the means and all folds together; of several a row
  /// each. What tables and slides show.
  std::vector<std::vector<std::string>> table() const;
  /// "accuracy 0.612   macro F1 0.587": the fold that came last.
  std::string last() const;

 private:
  std::vector<Setting> settings_;
  std::vector<std::string> metrics_;
  size_t last_ = 0;  // whose fold came last
};
/// A list of { name, metrics, mean, std, interval }, one for each setting, the last three by metric: what Lua and run.json
/// see.
Value to_value(const FoldScores& scores);
/// The table as text.
std::string show(const FoldScores& scores);

}  // namespace lumir::evaluate
