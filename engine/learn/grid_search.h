// Grid search: every setting of one or several grids, judged by cross-validation, the best fitted on all
// rows.
//
// A sub-grid is a map: a scalar is fixed, a list means alternatives, 'none' is Python's None. A bare key goes
// to the one step of the pipeline that has it, 'SVC.C' names the step. Candidates come sub-grid by sub-grid
// and within each as in scikit-learn's ParameterGrid: keys sorted, the last key fastest.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/folds.h"
#include "learn/estimator.h"

namespace lumir::learn {

struct GridSearchOptions {
  Value estimator;
  Value grid;
  int folds = 5;
  std::string by;
  bool stratify = true;
  static Schema schema();
};

/// One setting and what it scored.
struct Candidate {
  Map setting;                      // as the grid has it: { C = 10, kernel = 'rbf' }
  std::vector<double> fold_scores;  // accuracy on each fold's test rows; empty where it could not be fitted
  double mean = 0;                  // NaN where it could not be fitted
  double sd = 0;                    // ddof 0, as scikit-learn has it
  int rank = 0;                     // 1 is best, equal means share a rank; 0 where it could not be fitted
  double seconds = 0;               // of fits and predictions; work that settings share is shared out evenly
  std::string reason;               // why it could not be fitted
};

/// Answers as the refitted best model does.
class GridSearch final : public Described<Classifier, GridSearchOptions> {
 public:
  GridSearch(const Entry& entry, const Map& options);

  /// The rounds to use; without them fit makes stratified folds that keep groups whole.
  void use_folds(std::vector<data::Fold> folds) { folds_ = std::move(folds); }
  void fit(const Training& training) override;
  bool fitted() const override { return best_ != nullptr; }
  /// The best model under "best.", its place in the grid, the scores of all. No timings, so that files are
  /// byte-equal.
  State state() const override;
  void load(const State& state) override;
  std::string group_column() const override { return option().by; }
  Matrix scores(const Matrix& x) const override;
  std::vector<int> predict(const Matrix& x) const override;

  /// In the order of the grid; without scores before fit.
  const std::vector<Candidate>& candidates() const { return candidates_; }
  /// The rounds of the last fit.
  const std::vector<data::Fold>& folds() const { return used_folds_; }
  const Candidate& best_candidate() const;
  /// The best setting, fitted on all rows; a Pipeline where one was given. Null before fit.
  const std::shared_ptr<Classifier>& best() const { return best_; }
  /// Seconds of the last fit on all rows.
  double refit_seconds() const { return refit_seconds_; }

 private:
  /// What one candidate is made of: the options of each step, those of the setting in place.
  using Steps = std::vector<Map>;
  std::shared_ptr<Classifier> build(const Steps& steps) const;
  void try_fold(const data::Fold& fold, const Training& training, const std::function<void()>& done);
  void rank_candidates();

  std::vector<EstimatorPtr> steps_;  // of the pipeline; the estimator itself where it is none
  std::vector<Steps> built_;         // for each candidate
  std::vector<Candidate> candidates_;
  std::vector<data::Fold> folds_;
  std::vector<data::Fold> used_folds_;
  size_t best_index_ = 0;
  std::shared_ptr<Classifier> best_;
  double refit_seconds_ = 0;
};

/// "C = 10, gamma = scale, kernel = rbf": a setting as tables show it.
std::string show_setting(const Map& setting);

}  // namespace lumir::learn
