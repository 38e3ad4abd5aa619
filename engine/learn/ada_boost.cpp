// AdaBoost: each classifier looks most at the rows that those before it got wrong.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/interrupt.h"
#include "core/random.h"
#include "learn/members.h"
#include "learn/prepares_rows.h"
#include "learn/present_classes.h"

namespace lumir::learn {
namespace {

struct AdaBoostOptions {
  Value estimator;
  int n_estimators = 50;
  double learning_rate = 1;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"estimator", &AdaBoostOptions::estimator,
                   "the classifier, which must weigh rows; DecisionTree { max_depth = 1 } unless one is given",
                   Kind{"estimator"}, kPlace},
            Option{"n_estimators", &AdaBoostOptions::n_estimators, "how many are fitted at most", Range{1, 1e6}},
            Option{"learning_rate", &AdaBoostOptions::learning_rate, "how much each one counts", kPositive},
            Option{"seed", &AdaBoostOptions::seed, "of what is random; 'none' takes that of lumir.seed"}};
  }
};

class AdaBoost final : public Described<PresentClassifier, AdaBoostOptions> {
 public:
  AdaBoost(const Entry& entry, const Map& options)
      : Described(entry, options),
        one_(classifier_from("AdaBoost", option().estimator, "DecisionTree", {{"max_depth", 1}})) {}

  std::vector<Child> children() const override { return child_of_option(option().estimator, one_); }

 protected:
  void fit_present(const PresentRows& rows) override {
    members_.clear();
    votes_.clear();
    const uint64_t seed = seed_or_global(option().seed);
    const double others = rows.n_classes() - 1;
    std::vector<double> weights = rows.weights;
    const std::vector<std::string> no_groups;
    const auto prepared = prepared_rows(*one_, rows.x());
    for (int m = 0; m < option().n_estimators; ++m) {
      check_interrupt();
      normalise(weights);
      const EstimatorPtr member = fresh_with_seed(*one_, seed + static_cast<uint64_t>(m));
      Training training{rows.x(), rows.y, rows.n_classes(), no_groups};
      training.weights = weights;
      training.prepared = prepared.get();
      member->fit(training);
      const std::vector<int> predicted = member->predict(rows.x());
      double error = 0;
      for (size_t i = 0; i < weights.size(); ++i) error += predicted[i] != rows.y[i] ? weights[i] : 0;
      if (error >= others / (others + 1)) break;  // no better than chance
      members_.push_back(member);
      if (error <= 0) {
        votes_.push_back(1);
        break;
      }
      votes_.push_back(option().learning_rate * (std::log((1 - error) / error) + std::log(others)));
      for (size_t i = 0; i < weights.size(); ++i) {
        if (predicted[i] != rows.y[i]) weights[i] *= std::exp(votes_.back());
      }
    }
    if (members_.empty()) throw ArgumentError("AdaBoost: " + one_->name() + " is no better than chance on these rows");
  }

  Matrix score_present(const Matrix& x) const override {
    const size_t count = classes().count();
    const double others = static_cast<double>(count) - 1;
    const double all = std::accumulate(votes_.begin(), votes_.end(), 0.0);
    Matrix out(x.rows, count);
    for (size_t m = 0; m < members_.size(); ++m) {
      const std::vector<int> predicted = members_[m]->predict(x);
      for (size_t i = 0; i < x.rows; ++i) {
        for (size_t c = 0; c < count; ++c) {
          const bool own = static_cast<size_t>(predicted[i]) == c;
          out(i, c) += votes_[m] / all * (own ? 1 : -1 / others);
        }
      }
    }
    for (double& value : out.values) value /= others;
    softmax(out);
    return out;
  }

  State state_present() const override {
    State state;
    add_members(state, members_);
    state["estimator_weights"] = votes_;
    state["n_features"] = {static_cast<double>(columns())};
    return state;
  }

  size_t load_present(const State& state) override {
    votes_ = state_numbers(name(), state, "estimator_weights");
    const auto width = state_numbers(name(), state, "n_features");
    if (votes_.empty() || votes_.size() > static_cast<size_t>(option().n_estimators) || width.size() != 1) {
      refuse_state(name());
    }
    members_.clear();
    for (size_t m = 0; m < votes_.size(); ++m) members_.push_back(fresh(*one_));
    load_members(state, members_);
    for (const auto& member : members_) {
      if (static_cast<size_t>(member->n_classes()) != classes().count()) refuse_state(name());
    }
    return static_cast<size_t>(state_whole(name(), width[0], 1, 1e9));
  }

 private:
  static void normalise(std::vector<double>& weights) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
  }

  EstimatorPtr one_;
  std::vector<EstimatorPtr> members_;
  std::vector<double> votes_;  // what each one counts
};

LUMIR_ESTIMATOR(AdaBoost,
                {
                    .summary = "Classifiers one after the other, each on rows weighed by the mistakes before it.",
                    .returns = "a classifier; scores are probabilities",
                    .example = "learn.AdaBoost { n_estimators = 20 }",
                    .source = "Zhu et al., Multi-class AdaBoost (2009), SAMME; as scikit-learn's "
                              "AdaBoostClassifier",
                });

}  // namespace
}  // namespace lumir::learn
