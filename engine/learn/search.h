// What all searches are: settings tried by cross-validation, the best fitted on all rows.
//
//   struct GridSearchOptions : SearchOptions { Value grid; static Schema schema() {...} };
//   class GridSearch final : public SearchLearner<GridSearchOptions> { adds candidates in its constructor };
//
// For each fold, what stands before the learner is fitted once for all candidates that share its options; then the
// learner is asked for all its settings at once, so that it can share work between them. A journal (search_journal.h)
// keeps what is known.

#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "data/folds.h"
#include "learn/estimator.h"
#include "learn/search_journal.h"
#include "metric/scorer.h"

namespace lumir::learn {

struct SearchOptions {
  Value estimator;
  int folds = 5;
  std::string by;
  bool stratify = true;
  std::string leak = "refused";  // or "allowed", "moved"
  Value scoring = "auto";
  std::string refit;
  bool return_train_score = false;
  std::string journal;
};

/// Options of a search; its own stand behind the estimator.
template <class S, class... Own>
Schema search_schema(Own... own) {
  Schema schema = {Option{"estimator", &S::estimator, "a classifier or a regressor, or a pipeline that ends in one",
                          Kind{"estimator"}, kArgument}};
  return extend(
      extend(std::move(schema), std::move(own)...),
      Option{"folds", &S::folds, "rounds of cross-validation", Range{2, 1e6}},
      Option{"by", &S::by, "the column whose groups a fold keeps whole; '' for the data's own"},
      Option{"stratify", &S::stratify, "keep the shares of the classes alike in all folds"},
      Option{"leak", &S::leak,
             "what is done where a fold leaks: an error, going on, or leaving the songs that both sides have out of "
             "training",
             Choices{"refused", "allowed", "moved"}},
      Option{"scoring", &S::scoring,
             "the metric that chooses, or a list of metrics: 'f1', 'f1_weighted', 'top_3'; 'auto' is accuracy, of a "
             "regressor r2",
             Kind{"word or list of words"}},
      Option{"refit", &S::refit, "which of several metrics chooses; '' for the first"},
      Option{"return_train_score", &S::return_train_score,
             "judge each setting on the rows that it learnt from, too: how far it overfits"},
      Option{"journal", &S::journal,
             "a file that each finished setting and fold is written to at once; a search that finds some there goes on "
             "with them; '' for none"});
}

struct Alike;  // candidates that share work, see search_fold.cpp

/// Answers as the refitted best model does.
class Search : public Estimator {
 public:
  using Candidate = model::Searched::Candidate;

  /// The rounds to use; without them fit makes stratified folds that keep groups whole.
  void use_folds(std::vector<data::Fold> folds) { folds_ = std::move(folds); }
  bool is(Role role) const override { return root_->is(role); }
  bool takes_missing() const override { return root_->takes_missing(); }
  bool fitted() const override { return best_ != nullptr; }
  /// The best model under "best.", its place among the candidates, the scores of all ("fold_scores" by the metric that
  /// chooses; of several metrics each under "scores_NAME"), "train_scores" alike where they are asked for. No timings,
  /// so that files are byte-equal.
  State state() const override;

  std::vector<Child> children() const override { return {{"estimator", root_, "estimator"}}; }
  EstimatorPtr chosen() const override { return best_; }
  bool is_search() const override { return true; }
  const model::Searched* searched() const override { return fitted() ? &found_ : nullptr; }

  /// In the order in which they are tried; without scores before fit.
  const std::vector<Candidate>& candidates() const { return found_.candidates; }
  /// What a candidate is worth by one metric; where it could not be fitted: no scores, NaN, rank 0.
  struct Worth {
    std::vector<double> scores;  // on each fold
    double mean = std::numeric_limits<double>::quiet_NaN(), sd = mean;
    int rank = 0;
  };
  /// The metrics of 'scoring', in their order, and each candidate's worth by one of them.
  const std::vector<metric::Scorer>& scorers() const { return scorers_; }
  std::vector<Worth> worth_by(size_t metric) const;
  /// The same on the rows that each learnt from, by 'return_train_score'; empty without it. Ranks are none.
  std::vector<Worth> train_worth_by(size_t metric) const;
  /// By the metric that chooses.
  std::vector<Worth> train_worth() const { return train_worth_by(choosing_); }
  /// The rounds of the last fit.
  const std::vector<data::Fold>& folds() const { return used_folds_; }

 protected:
  Search(const Entry& entry, Map options) : Estimator(entry, std::move(options)) {}
  virtual const SearchOptions& search() const = 0;
  /// Reads the options; to be called once, first.
  void begin();
  /// Throws ArgumentError for keys that mean nothing; a value that cannot be is the candidate's reason.
  void add_candidate(const Map& setting);
  void drop_candidates();
  const Estimator& root() const { return *root_; }
  /// Tries candidates begin .. end - 1 in some rounds, ranks all of them, and finds the best of those.
  void try_candidates(size_t begin, size_t end, const std::vector<data::Fold>& folds, const Training& training);
  /// Tries all in all rounds, unless overridden.
  virtual void run(const Training& training);
  [[noreturn]] void refuse(const std::string& reason) const { throw ArgumentError(name() + ": " + reason); }

  void fit_rows(const Training& training) override;
  void load_state(const State& state) override;
  Predictions answer_rows(const Matrix& x) const override { return best_->answer(x); }
  /// The best one has looked at its fit.
  void check_fit() const override {}
  EstimatorPtr unfitted() const override;

 private:
  using Scores = std::vector<std::vector<std::vector<double>>>;  // of each candidate by each metric in each fold
  struct FoldAtHand;                                             // what a fold's candidates have in common
  void read_scorers();
  std::string array_of(const std::string& what, size_t metric) const;
  Matrix table_of(const Scores& scores, size_t metric) const;
  void check_training(const Training& training) const;
  void make_folds(const Training& training);
  void check_folds(size_t rows) const;
  std::vector<data::Fold> dealt_folds(const Training& training) const;
  data::Audit audit_folds(const Training& training);
  void try_fold(size_t begin, size_t end, const FoldAtHand& fold);
  void try_group(const Alike& group, const FoldAtHand& fold);
  std::vector<Trial> ask_learner(const Alike& group, const FoldAtHand& fold) const;
  SearchCell judge(const Trial& trial, const std::string& learner, const FoldAtHand& fold) const;
  std::vector<double> scores_of(const Predictions& answers, const Training& truth, int n_classes) const;
  std::string key_of(size_t candidate, const FoldAtHand& fold) const;
  void keep_cell(size_t candidate, const SearchCell& cell);
  void rank_candidates(size_t begin, size_t end);
  bool is_better(size_t metric, double a, double b) const;
  void warn_of_dropped() const;

  EstimatorPtr root_;                // what is searched
  std::vector<EstimatorPtr> built_;  // the same under each setting, not fitted; null where one is impossible
  std::vector<metric::Scorer> scorers_;
  size_t choosing_ = 0;  // which of them chooses
  Scores scores_;
  Scores train_scores_;  // on the rows that taught; of no folds where they are not asked for
  std::vector<data::Fold> folds_;
  std::vector<data::Fold> used_folds_;
  model::Searched found_;
  EstimatorPtr best_;
  std::unique_ptr<SearchJournal> journal_;  // while it fits
};

/// A search whose options, S, are SearchOptions with more of its own.
template <class S>
class SearchLearner : public Described<Search, S> {
 public:
  using Described<Search, S>::Described;

 protected:
  const SearchOptions& search() const override { return this->option(); }
};

}  // namespace lumir::learn
