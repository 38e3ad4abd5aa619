// Bagging: one classifier fitted many times, each time on rows drawn anew.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/parallel.h"
#include "core/random.h"
#include "learn/prepares_rows.h"
#include "learn/side_by_side.h"

namespace lumir::learn {
namespace {

struct BaggingOptions {
  Value estimator;
  int n_estimators = 10;
  double max_samples = 1;
  double max_features = 1;
  bool bootstrap = true;
  bool bootstrap_features = false;
  std::optional<int> seed;
  static Schema schema() {
    const Range share{above(0), 1};
    return {
        Option{"estimator", &BaggingOptions::estimator, "the classifier; DecisionTree unless one is given",
               Kind{"estimator"}, kPlace},
        Option{"n_estimators", &BaggingOptions::n_estimators, "how many are fitted", Range{1, 1e6}},
        Option{"max_samples", &BaggingOptions::max_samples, "rows that each one sees, as a share of all", share},
        Option{"max_features", &BaggingOptions::max_features, "columns that each one sees, as a share of all", share},
        Option{"bootstrap", &BaggingOptions::bootstrap, "draw rows with replacement"},
        Option{"bootstrap_features", &BaggingOptions::bootstrap_features, "draw columns with replacement"},
        Option{"seed", &BaggingOptions::seed, "of what is random; 'none' takes that of lumir.seed"}};
  }
};

constexpr int kMostDraws = 100;  // until the rows are of two classes

/// So many numbers of 0 .. n - 1.
std::vector<int> draw(int n, int count, bool again, Random& random) {
  if (!again) {
    std::vector<int> all = random.permutation(n);
    all.resize(static_cast<size_t>(count));
    return all;
  }
  std::vector<int> drawn;
  for (int i = 0; i < count; ++i) drawn.push_back(static_cast<int>(random.below(static_cast<uint32_t>(n))));
  return drawn;
}

/// Whether they are 0 .. n - 1 in order.
bool are_all(const std::vector<int>& which, size_t n) {
  if (which.size() != n) return false;
  for (size_t i = 0; i < n; ++i) {
    if (which[i] != static_cast<int>(i)) return false;
  }
  return true;
}

class Bagging final : public Described<Classifier, BaggingOptions> {
 public:
  Bagging(const Entry& entry, const Map& options)
      : Described(entry, options), one_(classifier_from("Bagging", option().estimator, "DecisionTree")) {}

  bool fitted() const override { return !members_.empty(); }
  bool takes_missing() const override { return one_->takes_missing(); }
  std::vector<Child> children() const override { return child_of_option(option().estimator, one_); }

  /// "estimators.0." ... and the columns that each of them sees, counted from 0.
  State state() const override {
    State state;
    add_members(state, members_);
    state["estimators_features"] = to_array(columns_);
    state["n_features"] = {static_cast<double>(width_)};
    return state;
  }

 protected:
  void fit_rows(const Training& training) override {
    check_classes(name(), training, takes_missing());
    const uint64_t seed = seed_or_global(option().seed);
    const size_t count = static_cast<size_t>(option().n_estimators);
    const int columns = static_cast<int>(training.x.columns);
    const int seen = std::max(1, static_cast<int>(option().max_features * columns));
    members_.assign(count, nullptr);
    columns_ = Matrix(count, static_cast<size_t>(seen));
    width_ = training.x.columns;
    n_classes_ = training.n_classes;
    const bool all_columns = seen == columns && !option().bootstrap_features;
    const auto prepared = all_columns ? prepared_rows(*one_, training.x) : nullptr;
    parallel_for(count, [&](size_t m) {
      Random random(seed, "columns of member " + std::to_string(m));
      std::vector<int> which(static_cast<size_t>(columns));
      std::iota(which.begin(), which.end(), 0);
      if (!prepared) which = draw(columns, seen, option().bootstrap_features, random);
      std::copy(which.begin(), which.end(), columns_.row(m).begin());
      std::vector<int> drawn = drawn_rows(training, seed, m);
      members_[m] = fresh_with_seed(*one_, seed + m);
      if (prepared) {
        fit_by_weights(*members_[m], training, *prepared, drawn);
      } else {
        fit_on_copy(*members_[m], training, std::move(drawn), which);
      }
    });
  }

  void load_state(const State& state) override {
    columns_ = state_matrix(name(), state, "estimators_features");
    const auto width = state_numbers(name(), state, "n_features");
    if (columns_.rows != static_cast<size_t>(option().n_estimators) || width.size() != 1) refuse_state(name());
    width_ = static_cast<size_t>(state_whole(name(), width[0], 1, 1e9));
    for (const double column : columns_.values) state_whole(name(), column, 0, width[0] - 1);
    members_.clear();
    for (size_t m = 0; m < columns_.rows; ++m) members_.push_back(fresh(*one_));
    load_members(state, members_);
    n_classes_ = members_.front()->n_classes();
  }

  /// The mean of what they say: of probabilities where they give some, else of their answers.
  Matrix score_rows(const Matrix& x) const override {
    check_columns(name(), x, width_, takes_missing());
    std::vector<Matrix> said(members_.size());
    parallel_for(members_.size(), [&](size_t m) {
      const auto row = columns_.row(m);
      const std::vector<int> which(row.begin(), row.end());
      const Predictions answers =
          are_all(which, x.columns) ? members_[m]->answer(x) : members_[m]->answer(columns_of(x, which));
      said[m] = answers.scores;
      if (answers.kind != ScoreKind::decisions) return;
      std::fill(said[m].values.begin(), said[m].values.end(), 0);
      for (size_t i = 0; i < x.rows; ++i) said[m](i, static_cast<size_t>(answers.predicted[i])) = 1;
    });
    Matrix out(x.rows, static_cast<size_t>(n_classes_));
    for (const Matrix& one : said) {
      for (size_t at = 0; at < out.values.size(); ++at) {
        out.values[at] += one.values[at] / static_cast<double>(said.size());
      }
    }
    return out;
  }

  /// Its members have looked at theirs.
  void check_fit() const override {}

 private:
  /// On rows that are prepared once for all members, which take how often a row was drawn as its weight.
  static void fit_by_weights(Estimator& member, const Training& training, const model::Prepared& prepared,
                             const std::vector<int>& drawn) {
    std::vector<double> times(training.x.rows);
    for (const int row : drawn) ++times[static_cast<size_t>(row)];
    Training part = training;
    part.weights = times;
    part.prepared = &prepared;
    member.fit(part);
  }

  static void fit_on_copy(Estimator& member, const Training& training, std::vector<int> drawn,
                          const std::vector<int>& columns) {
    const TrainingRows rows(training, std::move(drawn));
    const Matrix x = columns_of(rows.x(), columns);
    Training part = rows.training();
    part.weights = {};  // they said how often a row was drawn
    member.fit(part.with(x));
  }

  /// The rows of one member, of two classes at least; rows that weigh more are drawn more often.
  std::vector<int> drawn_rows(const Training& training, uint64_t seed, size_t member) const {
    const auto rows = static_cast<int>(training.x.rows);
    const int count = std::max(1, static_cast<int>(option().max_samples * rows));
    std::vector<double> reach;  // sums of weights up to each row
    double total = 0;
    for (int i = 0; i < rows; ++i) reach.push_back(total += training.weight(static_cast<size_t>(i)));
    Random random(seed, "rows of member " + std::to_string(member));
    for (int tries = 0; tries < kMostDraws; ++tries) {
      std::vector<int> which = draw(rows, count, option().bootstrap, random);
      if (!training.weights.empty()) {
        for (int& row : which) {
          const auto at = std::upper_bound(reach.begin(), reach.end() - 1, random.uniform() * total);
          row = static_cast<int>(at - reach.begin());
        }
      }
      const int first = training.y[static_cast<size_t>(which.front())];
      const auto alike = [&](int row) { return training.y[static_cast<size_t>(row)] == first; };
      if (!std::all_of(which.begin(), which.end(), alike)) return which;
    }
    throw ArgumentError("Bagging: rows that were drawn are all of one class; raise 'max_samples'");
  }

  EstimatorPtr one_;
  std::vector<EstimatorPtr> members_;
  Matrix columns_;  // [members, columns that each sees]
  size_t width_ = 0;
};

LUMIR_ESTIMATOR(Bagging,
                {
                    .summary = "Fits one classifier many times, on rows drawn anew, and lets all of them vote.",
                    .returns = "a classifier; scores are means of the members' probabilities",
                    .example = "learn.Bagging(learn.DecisionTree { max_depth = 3 }, { n_estimators = 20 })",
                    .source = "Breiman, Bagging Predictors (1996); as scikit-learn's BaggingClassifier",
                });

}  // namespace
}  // namespace lumir::learn
