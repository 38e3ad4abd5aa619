// FoldScores: the results of one model on fold after fold, their means and their spread.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evaluate/results.h"

namespace lumir::evaluate {

struct MeanAndSpread {
  double mean = 0;
  double sd = 0;  // ddof 0, as scikit-learn and GridSearch have it
};

class FoldScores {
 public:
  /// The best model of results. Throws ArgumentError where they have other metrics than those before.
  void add(const Results& results);
  size_t folds() const { return folds_.size(); }
  const std::vector<std::string>& metrics() const { return metrics_; }
  /// A metric on each fold.
  std::vector<double> of(const std::string& metric) const;
  MeanAndSpread summary(const std::string& metric) const;
  /// Names, then a row for each fold and one of the means: what tables and slides show.
  std::vector<std::vector<std::string>> table() const;
  /// "accuracy 0.612   macro F1 0.587": the last fold.
  std::string last() const;

 private:
  std::vector<Scores> folds_;
  std::vector<std::string> metrics_;
};
/// The table as text.
std::string show(const FoldScores& scores);

}  // namespace lumir::evaluate
