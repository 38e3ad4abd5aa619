// Voting: several classifiers answer together, by votes or by the mean of their probabilities.

#include <algorithm>
#include <numeric>

#include "learn/members.h"

namespace lumir::learn {
namespace {

struct VotingOptions {
  Value estimators;
  std::string voting = "hard";
  std::vector<double> weights;
  static Schema schema() {
    return {Option{"estimators", &VotingOptions::estimators, "the classifiers", Kind{"estimators"}, kListed},
            Option{"voting", &VotingOptions::voting, "'hard' counts their answers, 'soft' joins their probabilities",
                   Choices{"hard", "soft"}},
            Option{"weights", &VotingOptions::weights, "how much each one counts; none: all alike", kNonNegative}};
  }
};

class Voting final : public Described<Classifier, VotingOptions> {
 public:
  Voting(const Entry& entry, const Map& options)
      : Described(entry, options),
        members_(classifiers_from("Voting", option().estimators)),
        weights_(option().weights) {
    if (weights_.empty()) weights_.assign(members_.size(), 1);
    const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    if (weights_.size() == members_.size() && sum > 0) return;
    throw ArgumentError("Voting: 'weights' must be a number for each of the " + std::to_string(members_.size()) +
                        " classifiers, not all 0, got " + show(this->options().at("weights")));
  }

  /// By how it counts: two votes in one table are told apart by that.
  std::string title() const override {
    return name() + " (" + (option().weights.empty() ? option().voting : "weighted") + ")";
  }
  bool fitted() const override { return members_.back()->fitted(); }
  bool takes_missing() const override { return all_take_missing(members_); }
  std::vector<Child> children() const override { return model::listed_children(members_, "estimators"); }
  ScoreKind score_kind() const override { return soft() ? ScoreKind::probabilities : ScoreKind::votes; }

  State state() const override {
    State state;
    add_members(state, members_);
    return state;
  }

 protected:
  void fit_rows(const Training& training) override {
    check_classes(name(), training, takes_missing());
    for (const auto& member : members_) {
      member->fit(training);
      if (soft()) check_soft(*member, training);
    }
    n_classes_ = training.n_classes;
  }

  void load_state(const State& state) override {
    load_members(state, members_);
    n_classes_ = members_.front()->n_classes();
    for (const auto& member : members_) {
      if (member->n_classes() != n_classes_) refuse_state(name());
    }
  }

  Matrix score_rows(const Matrix& x) const override {
    const double all = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    Matrix out(x.rows, static_cast<size_t>(n_classes_));
    for (size_t m = 0; m < members_.size(); ++m) {
      const Predictions answers = members_[m]->answer(x);
      const double weight = weights_[m] / all;
      for (size_t i = 0; i < x.rows; ++i) {
        if (!soft()) {
          out(i, static_cast<size_t>(answers.predicted[i])) += weight;
          continue;
        }
        for (size_t c = 0; c < out.columns; ++c) out(i, c) += weight * answers.scores(i, c);
      }
    }
    return out;
  }

  /// Its members have looked at theirs.
  void check_fit() const override {}

 private:
  bool soft() const { return option().voting == "soft"; }

  void check_soft(const Estimator& member, const Training& training) const {
    const std::vector<int> first = {0};
    if (member.answer(training.x.take(first)).kind != ScoreKind::decisions) return;
    throw ArgumentError("Voting: 'voting' = 'soft' needs probabilities, and " + member.name() +
                        " gives decisions (learn.Calibrated turns them into probabilities)");
  }

  std::vector<EstimatorPtr> members_;
  std::vector<double> weights_;
};

LUMIR_ESTIMATOR(Voting,
                {
                    .summary = "Several classifiers answer together, by votes or by the mean of their probabilities.",
                    .returns = "a classifier; scores are shares of votes, or probabilities where 'voting' is 'soft'",
                    .example = "learn.Voting { learn.GaussianNB(), learn.KNeighbors(), voting = 'soft' }",
                    .source = "agrees with scikit-learn's VotingClassifier",
                });

}  // namespace
}  // namespace lumir::learn
