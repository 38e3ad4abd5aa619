// Grid search: every setting of one or several grids, judged by cross-validation, the best fitted on all rows.
//
// A sub-grid is a map: a scalar is fixed, a list means alternatives, 'none' is Python's None. A bare key goes to the one
// step of the pipeline that has it, 'SVC.C' names the step. Candidates come sub-grid by sub-grid and within each as in
// scikit-learn's ParameterGrid: keys sorted, the last key fastest.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "learn/estimator.h"

namespace lumir::learn {

/// Row indices (from 0) of one round of cross-validation.
struct Fold {
  std::vector<int> train;
  std::vector<int> test;
};

struct GridSearchOptions {
  Value estimator;
  Value grid;
  int folds = 5;
  std::string by;
  static Schema schema();
};

/// One setting and what it scored.
struct Candidate {
  Map setting;                      // as the grid has it: { C = 10, kernel = 'rbf' }
  std::vector<double> fold_scores;  // accuracy on each fold's test rows; empty where it could not be fitted
  double mean = 0;                  // NaN where it could not be fitted
  double sd = 0;                    // ddof 0, as scikit-learn has it
  int rank = 0;                     // 1 is best, equal means share a rank; 0 where it could not be fitted
  double seconds = 0;               // of fits and predictions; work shared by settings is shared out evenly
  std::string reason;               // why it could not be fitted
};

/// Answers as the refitted best model does.
class GridSearch final : public Described<Classifier, GridSearchOptions> {
 public:
  GridSearch(const Entry& entry, const Map& options);

  /// The rounds to use; without them fit makes stratified folds that keep groups whole.
  void use_folds(std::vector<Fold> folds) { folds_ = std::move(folds); }
  void fit(const Training& training) override;
  bool fitted() const override { return best_ != nullptr; }
  State state() const override;
  void load(const State& state) override;
  std::string group_column() const override { return option().by; }
  Matrix scores(const Matrix& x) const override;
  std::vector<int> predict(const Matrix& x) const override;

  /// In the order of the grid.
  const std::vector<Candidate>& candidates() const { return candidates_; }
  const Candidate& best_candidate() const;
  /// The best setting, fitted on all rows; a Pipeline where one was given.
  const std::shared_ptr<Classifier>& best() const { return best_; }
  /// Seconds of the last fit on all rows.
  double refit_seconds() const { return refit_seconds_; }

 private:
  std::vector<Fold> folds_;
  std::vector<Candidate> candidates_;
  size_t best_index_ = 0;
  std::shared_ptr<Classifier> best_;
  double refit_seconds_ = 0;
};

/// "C = 10, gamma = scale, kernel = rbf": a setting as tables show it.
std::string show_setting(const Map& setting);

}  // namespace lumir::learn
