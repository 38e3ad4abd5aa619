// Grid search: every setting of one or several grids, judged by cross-validation, the best fitted on all rows.
//
// A sub-grid is a map: a scalar is fixed, a list means alternatives, 'none' is Python's None. Keys are paths as
// model/path.h reads them: a bare one goes to the one estimator inside that has it, 'SVC.C' names the step. Candidates
// come sub-grid by sub-grid and within each as in scikit-learn's ParameterGrid: keys sorted, the last key fastest.

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
  std::string leak = "refused";  // or "allowed", "moved"
  std::string scoring = "accuracy";
  static Schema schema();
};

struct Alike;  // candidates that share work, see grid_search.cpp

/// Answers as the refitted best model does.
class GridSearch final : public Described<Estimator, GridSearchOptions> {
 public:
  using Candidate = model::Searched::Candidate;
  GridSearch(const Entry& entry, const Map& options);

  /// The rounds to use; without them fit makes stratified folds that keep groups whole.
  void use_folds(std::vector<data::Fold> folds) { folds_ = std::move(folds); }
  bool is(Role role) const override { return root_->is(role); }
  bool takes_missing() const override { return root_->takes_missing(); }
  bool fitted() const override { return best_ != nullptr; }
  /// The best model under "best.", its place in the grid, the scores of all. No timings, so that files are byte-equal.
  State state() const override;

  std::vector<Child> children() const override { return {{"estimator", root_, "estimator"}}; }
  EstimatorPtr chosen() const override { return best_; }
  bool is_search() const override { return true; }
  const model::Searched* searched() const override { return fitted() ? &found_ : nullptr; }

  /// In the order of the grid; without scores before fit.
  const std::vector<Candidate>& candidates() const { return found_.candidates; }
  /// The rounds of the last fit.
  const std::vector<data::Fold>& folds() const { return used_folds_; }

 protected:
  void fit_rows(const Training& training) override;
  void load_state(const State& state) override;
  Predictions answer_rows(const Matrix& x) const override { return best_->answer(x); }
  /// The best one has looked at its fit.
  void check_fit() const override {}
  EstimatorPtr unfitted() const override;

 private:
  void try_fold(const data::Fold& fold, const Training& training, const std::function<void()>& done);
  std::vector<Trial> try_group(const Alike& group, const Training& seen, const std::function<void()>& done);
  void score_group(const std::vector<Trial>& trials, const std::vector<size_t>& members, const TrainingRows& test,
                   int n_classes);
  void rank_candidates();
  void warn_of_dropped() const;

  EstimatorPtr root_;                // what is searched
  std::vector<EstimatorPtr> built_;  // the same under each setting, not fitted; null where a setting is impossible
  std::vector<data::Fold> folds_;
  std::vector<data::Fold> used_folds_;
  model::Searched found_;
  EstimatorPtr best_;
};

}  // namespace lumir::learn
