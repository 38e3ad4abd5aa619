// OneVsRest: any classifier for rows with several tags, fitted once for each; or for classes, one against all others.

#include "core/parallel.h"
#include "learn/members.h"

namespace lumir::learn {
namespace {

struct OneVsRestOptions {
  Value estimator;
  static Schema schema() {
    return {Option{"estimator", &OneVsRestOptions::estimator, "the classifier; LogisticRegression unless one is given",
                   Kind{"estimator"}, kPlace}};
  }
};

/// A tag that no row has, or each, teaches nothing: its answer is always the same.
enum class Always { differs = -1, no = 0, yes = 1 };

class OneVsRest final : public Described<Classifier, OneVsRestOptions> {
 public:
  OneVsRest(const Entry& entry, const Map& options)
      : Described(entry, options), one_(classifier_from("OneVsRest", option().estimator, "LogisticRegression")) {}

  bool fitted() const override { return !members_.empty(); }
  bool takes_missing() const override { return one_->takes_missing(); }
  std::vector<Child> children() const override { return child_of_option(option().estimator, one_); }

  /// "estimators.0." ..., "always" (-1, or 0 or 1 for a tag that all rows have alike), and "tags": 1 where rows have several.
  State state() const override {
    State state;
    std::vector<double> always;
    for (size_t c = 0; c < members_.size(); ++c) {
      always.push_back(static_cast<double>(always_[c]));
      if (members_[c]) add_part(state, "estimators." + std::to_string(c) + ".", members_[c]->state());
    }
    state["always"] = always;
    state["tags"] = {tags_ ? 1.0 : 0.0};
    return state;
  }

 protected:
  void fit_rows(const Training& training) override {
    tags_ = training.target == Target::tags;
    if (tags_) {
      check_rows(name(), training.x, takes_missing());
      model::check_weights(name(), training);
    } else {
      check_classes(name(), training, takes_missing());
    }
    n_classes_ = training.n_classes;
    members_.assign(static_cast<size_t>(n_classes_), nullptr);
    always_.assign(members_.size(), Always::differs);
    parallel_for(members_.size(), [&](size_t c) {
      std::vector<int> y;
      bool some = false, all = true;  // of the rows that count
      for (size_t i = 0; i < training.x.rows; ++i) {
        y.push_back(tags_ ? (*training.values)(i, c) > 0 : training.y[i] == static_cast<int>(c));
        if (training.weight(i) > 0) (y.back() ? some : all) = y.back();
      }
      if (!some || all) {
        always_[c] = some ? Always::yes : Always::no;
        return;
      }
      members_[c] = fresh(*one_);
      members_[c]->fit(training.with_classes(y, 2));
    });
  }

  void load_state(const State& state) override {
    const auto always = state_numbers(name(), state, "always"), tags = state_numbers(name(), state, "tags");
    if (always.empty() || tags.size() != 1) refuse_state(name());
    tags_ = state_whole(name(), tags[0], 0, 1) == 1;
    n_classes_ = static_cast<int>(always.size());
    members_.assign(always.size(), nullptr);
    always_.clear();
    for (size_t c = 0; c < always.size(); ++c) {
      always_.push_back(static_cast<Always>(state_whole(name(), always[c], -1, 1)));
      if (always_[c] != Always::differs) continue;
      members_[c] = fresh(*one_);
      members_[c]->load(part_of(state, "estimators." + std::to_string(c) + "."));
      if (members_[c]->n_classes() != 2) refuse_state(name());
    }
  }

  Predictions answer_rows(const Matrix& x) const override {
    Predictions all{{}, Matrix(x.rows, members_.size())};
    for (size_t c = 0; c < members_.size(); ++c) {
      if (!members_[c]) continue;
      const Predictions one = members_[c]->answer(x);
      all.kind = one.kind;
      for (size_t i = 0; i < x.rows; ++i) all.scores(i, c) = one.scores(i, 1);
    }
    const double yes = 1, no = all.kind == ScoreKind::decisions ? -1 : 0;
    for (size_t c = 0; c < members_.size(); ++c) {
      if (members_[c]) continue;
      for (size_t i = 0; i < x.rows; ++i) all.scores(i, c) = always_[c] == Always::yes ? yes : no;
    }
    if (tags_) return all;
    all.predicted = model::highest(all.scores);
    if (all.kind != ScoreKind::decisions) normalise(all.scores);
    return all;
  }

  /// Its members have looked at theirs.
  void check_fit() const override {}

 private:
  /// Shares of classes of each row sum to 1; where all are 0 they are alike.
  static void normalise(Matrix& scores) {
    for (size_t i = 0; i < scores.rows; ++i) {
      double sum = 0;
      for (const double score : scores.row(i)) sum += score;
      for (double& score : scores.row(i)) score = sum > 0 ? score / sum : 1.0 / static_cast<double>(scores.columns);
    }
  }

  EstimatorPtr one_;
  std::vector<EstimatorPtr> members_;  // null for a tag that all rows have alike
  std::vector<Always> always_;
  bool tags_ = false;
};

LUMIR_ESTIMATOR(
    OneVsRest,
    {
        .summary = "A classifier for each tag, for rows that have several; or for each class against all others.",
        .returns = "a classifier; scores are those of each one for its tag",
        .example = "learn.OneVsRest(learn.LogisticRegression { C = 10 })",
        .source = "agrees with scikit-learn's OneVsRestClassifier",
    });

}  // namespace
}  // namespace lumir::learn
