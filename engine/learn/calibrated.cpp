// Calibrated: probabilities that mean what they say, from a classifier whose scores do not.

#include <algorithm>

#include "learn/inner_folds.h"
#include "learn/isotonic.h"
#include "learn/members.h"
#include "learn/present_classes.h"
#include "learn/sigmoid.h"

namespace lumir::learn {
namespace {

struct CalibratedOptions {
  Value estimator;
  std::string method = "sigmoid";
  int cv = 5;
  bool ensemble = true;
  static Schema schema() {
    return {Option{"estimator", &CalibratedOptions::estimator, "the classifier; LinearSVC unless one is given",
                   Kind{"estimator"}, kPlace},
            Option{"method", &CalibratedOptions::method,
                   "the curve from scores to probabilities: a sigmoid (Platt), or steps that never fall",
                   Choices{"sigmoid", "isotonic"}},
            Option{"cv", &CalibratedOptions::cv, "folds by which scores for rows of no fit are made", Range{2, 1e6}},
            Option{"ensemble", &CalibratedOptions::ensemble,
                   "the mean of one for each fold; else one fit on all rows, by the scores of all folds"}};
  }
};

/// The curves of one fit, one for each class; of two classes that of the second.
struct Curves {
  std::vector<Sigmoid> sigmoids;
  std::vector<Isotonic> steps;

  size_t count() const { return sigmoids.empty() ? steps.size() : sigmoids.size(); }
  double operator()(size_t curve, double score) const {
    return sigmoids.empty() ? steps[curve](score) : sigmoids[curve](score);
  }
};

class Calibrated final : public Described<Classifier, CalibratedOptions> {
 public:
  Calibrated(const Entry& entry, const Map& options)
      : Described(entry, options), one_(classifier_from("Calibrated", option().estimator, "LinearSVC")) {}

  bool fitted() const override { return !members_.empty(); }
  bool takes_missing() const override { return one_->takes_missing(); }
  std::vector<Child> children() const override { return child_of_option(option().estimator, one_); }

  /// "estimators.0." ...; of the curves of each: "a" and "b" of sigmoids, or "x" and "y" of the corners of steps, of
  /// which "corners" counts those of each curve.
  State state() const override {
    State state;
    add_members(state, members_);
    const size_t curves = curves_.empty() ? 0 : curves_.front().count();
    std::vector<double> a, b, x, y, corners;
    for (const Curves& of_fit : curves_) {
      for (const Sigmoid& sigmoid : of_fit.sigmoids) {
        a.push_back(sigmoid.a);
        b.push_back(sigmoid.b);
      }
      for (const Isotonic& steps : of_fit.steps) {
        corners.push_back(static_cast<double>(steps.x.size()));
        x.insert(x.end(), steps.x.begin(), steps.x.end());
        y.insert(y.end(), steps.y.begin(), steps.y.end());
      }
    }
    state["curves"] = {static_cast<double>(curves)};
    state["members"] = {static_cast<double>(members_.size())};
    if (option().method == "sigmoid") {
      state["a"] = a;
      state["b"] = b;
    } else {
      state["corners"] = corners;
      state["x"] = x;
      state["y"] = y;
    }
    return state;
  }

 protected:
  void fit_rows(const Training& training) override {
    check_classes(name(), training, takes_missing());
    const auto folds = inner_folds(name(), training, option().cv);
    members_.clear();
    curves_.clear();
    n_classes_ = training.n_classes;
    if (!option().ensemble) {
      const Matrix scores = answers_out_of_folds(*one_, training, folds);
      const std::vector<int> rows = rows_in_folds(folds);
      members_.push_back(fresh(*one_));
      members_.back()->fit(training);
      curves_.push_back(curves_of(scores.take(rows), training, rows));
      return;
    }
    for (const auto& fold : folds) {
      const TrainingRows train(training, fold.train);
      members_.push_back(fresh(*one_));
      members_.back()->fit(train.training());
      const Matrix scores = as_columns(members_.back()->answer(training.x.take(fold.valid)));
      curves_.push_back(curves_of(scores, training, fold.valid));
    }
  }

  void load_state(const State& state) override {
    const auto count = [&](const char* array, double most) {
      const auto numbers = state_numbers(name(), state, array);
      if (numbers.size() != 1) refuse_state(name());
      return static_cast<size_t>(state_whole(name(), numbers[0], 1, most));
    };
    const size_t members = count("members", 1e4), curves = count("curves", 1e6);
    members_.clear();
    curves_.assign(members, {});
    for (size_t m = 0; m < members; ++m) members_.push_back(fresh(*one_));
    load_members(state, members_);
    n_classes_ = members_.front()->n_classes();
    if (curves != (n_classes_ == 2 ? 1 : static_cast<size_t>(n_classes_))) refuse_state(name());
    if (option().method == "sigmoid") {
      const auto a = state_numbers(name(), state, "a"), b = state_numbers(name(), state, "b");
      if (a.size() != members * curves || b.size() != a.size()) refuse_state(name());
      for (size_t at = 0; at < a.size(); ++at) curves_[at / curves].sigmoids.push_back({a[at], b[at]});
    } else {
      load_steps(state, curves);
    }
  }

  Matrix score_rows(const Matrix& x) const override {
    Matrix out(x.rows, static_cast<size_t>(n_classes_));
    for (size_t m = 0; m < members_.size(); ++m) {
      Matrix one = probabilities(curves_[m], as_columns(members_[m]->answer(x)));
      for (size_t at = 0; at < out.values.size(); ++at) {
        out.values[at] += one.values[at] / static_cast<double>(members_.size());
      }
    }
    return out;
  }

  /// Its members have looked at theirs, and curves are made of numbers that were looked at.
  void check_fit() const override {}

 private:
  Curves curves_of(const Matrix& scores, const Training& training, const std::vector<int>& rows) const {
    Curves curves;
    std::vector<double> weights;
    for (const int row : rows) weights.push_back(training.weight(static_cast<size_t>(row)));
    for (size_t curve = 0; curve < scores.columns; ++curve) {
      const size_t label = scores.columns == 1 ? 1 : curve;
      std::vector<double> column, target;
      std::vector<bool> positive;
      for (size_t i = 0; i < rows.size(); ++i) {
        column.push_back(scores(i, curve));
        positive.push_back(static_cast<size_t>(training.y[static_cast<size_t>(rows[i])]) == label);
        target.push_back(positive.back());
      }
      if (option().method == "sigmoid") {
        curves.sigmoids.push_back(fit_sigmoid(column, positive, weights));
      } else {
        curves.steps.push_back(fit_isotonic(column, target, weights));
        if (curves.steps.back().x.empty()) throw ArgumentError("Calibrated: no row of a fold weighs more than 0");
      }
    }
    return curves;
  }

  static Matrix probabilities(const Curves& curves, const Matrix& scores) {
    Matrix out(scores.rows, scores.columns == 1 ? 2 : scores.columns);
    for (size_t i = 0; i < scores.rows; ++i) {
      for (size_t c = 0; c < scores.columns; ++c) out(i, scores.columns == 1 ? 1 : c) = curves(c, scores(i, c));
      if (scores.columns == 1) out(i, 0) = 1 - out(i, 1);
    }
    share_out(out);
    return out;
  }

  void load_steps(const State& state, size_t curves) {
    const auto corners = state_numbers(name(), state, "corners");
    const auto x = state_numbers(name(), state, "x"), y = state_numbers(name(), state, "y");
    if (corners.size() != curves_.size() * curves || x.size() != y.size()) refuse_state(name());
    size_t at = 0;
    for (size_t c = 0; c < corners.size(); ++c) {
      const int n = state_whole(name(), corners[c], 1, static_cast<double>(x.size() - at));
      Isotonic& steps = curves_[c / curves].steps.emplace_back();
      for (int i = 0; i < n; ++i, ++at) {
        steps.x.push_back(x[at]);
        steps.y.push_back(y[at]);
      }
      if (!std::is_sorted(steps.x.begin(), steps.x.end())) refuse_state(name());
    }
    if (at != x.size()) refuse_state(name());
  }

  EstimatorPtr one_;
  std::vector<EstimatorPtr> members_;
  std::vector<Curves> curves_;  // of each member
};

LUMIR_ESTIMATOR(Calibrated,
                {
                    .summary = "Turns the scores of a classifier into probabilities that mean what they say.",
                    .returns = "a classifier; scores are probabilities",
                    .example = "learn.Calibrated(learn.LinearSVC(), { method = 'isotonic', cv = 2 })",
                    .source = "agrees with scikit-learn's CalibratedClassifierCV",
                });

}  // namespace
}  // namespace lumir::learn
