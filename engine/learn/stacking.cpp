// Stacking: a last classifier learns from what others say of rows that they were not fitted on.

#include <algorithm>

#include "learn/inner_folds.h"
#include "learn/side_by_side.h"

namespace lumir::learn {
namespace {

struct StackingOptions {
  Value estimators;
  Value final_estimator;
  int cv = 5;
  bool passthrough = false;
  static Schema schema() {
    return {Option{"estimators", &StackingOptions::estimators, "the classifiers", Kind{"estimators"}, kListed},
            Option{"final_estimator", &StackingOptions::final_estimator,
                   "what learns from their answers; LogisticRegression unless one is given", Kind{"estimator"}},
            Option{"cv", &StackingOptions::cv, "folds by which answers for rows of no fit are made", Range{2, 1e6}},
            Option{"passthrough", &StackingOptions::passthrough, "the last one sees the columns too"}};
  }
};

class Stacking final : public Described<Classifier, StackingOptions> {
 public:
  Stacking(const Entry& entry, const Map& options)
      : Described(entry, options),
        members_(classifiers_from("Stacking", option().estimators)),
        last_(classifier_from("Stacking", option().final_estimator, "LogisticRegression")) {}

  bool fitted() const override { return last_->fitted(); }
  bool takes_missing() const override { return all_take_missing(members_) && !option().passthrough; }

  std::vector<Child> children() const override {
    std::vector<Child> all = model::listed_children(members_, "estimators");
    if (!option().final_estimator.is_nil()) all.push_back({"final_estimator", last_, "final_estimator"});
    return all;
  }

  State state() const override {
    State state;
    add_members(state, members_);
    add_part(state, "final_estimator.", last_->state());
    return state;
  }

 protected:
  void fit_rows(const Training& training) override {
    check_classes(name(), training, takes_missing());
    for (const auto& member : members_) member->fit(training);
    const auto folds = inner_folds(name(), training, option().cv);
    Matrix answers;
    for (const auto& member : members_) append_columns(answers, answers_out_of_folds(*member, training, folds));
    if (option().passthrough) append_columns(answers, training.x);
    const TrainingRows answered(training, rows_in_folds(folds));
    const Matrix seen = answers.take(rows_in_folds(folds));
    last_->fit(answered.training().with(seen));
    n_classes_ = training.n_classes;
  }

  void load_state(const State& state) override {
    load_members(state, members_);
    last_->load(part_of(state, "final_estimator."));
    n_classes_ = last_->n_classes();
  }

  Predictions answer_rows(const Matrix& x) const override {
    Matrix answers;
    for (const auto& member : members_) append_columns(answers, as_columns(member->answer(x)));
    if (option().passthrough) append_columns(answers, x);
    return last_->answer(answers);
  }

  /// Its members have looked at theirs.
  void check_fit() const override {}

 private:
  std::vector<EstimatorPtr> members_;
  EstimatorPtr last_;
};

LUMIR_ESTIMATOR(Stacking,
                {
                    .summary = "A last classifier learns from what others say of rows that they were not fitted on.",
                    .returns = "a classifier; scores are those of the last one",
                    .example = "learn.Stacking { learn.GaussianNB(), learn.KNeighbors { n_neighbors = 3 }, cv = 2 }",
                    .source = "Wolpert, Stacked Generalization (1992); agrees with scikit-learn's StackingClassifier",
                });

}  // namespace
}  // namespace lumir::learn
